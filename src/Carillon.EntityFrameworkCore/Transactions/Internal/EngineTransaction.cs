using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>
/// Puts a context on the transaction of the unit of work that was begun in its scope before it was made. So a transactional listener that takes its context as a parameter works in
/// the transaction in which its delivery is completed.
/// </summary>
internal static class EngineTransaction
{
    internal static void Share(ContextWork context)
    {
        var scope = context.Scope!;
        if (scope.Units.Transaction is not { Connection: { } connection } transaction)
        {
            return;
        }

        var database = context.Context.Database;
        // A context of another database has its own transactions.
        if (!database.IsRelational() || database.GetDbConnection().GetType() != connection.GetType() || scope.Store?.WhyNotIn(database.GetDbConnection()) is not null)
        {
            return;
        }

        database.SetDbConnection(connection, contextOwnsConnection: false);
        database.UseTransaction(transaction);
    }
}
