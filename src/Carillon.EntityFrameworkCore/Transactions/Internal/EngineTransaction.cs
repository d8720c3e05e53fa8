using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>
/// Puts a context on the transaction of the unit of work that was begun in its scope before it was made. So a transactional listener that takes its context as a parameter works in
/// the transaction in which its delivery is completed.
/// </summary>
internal sealed class EngineTransaction
{
    private readonly IRelationalConnection _connection;
    private readonly string? _connectionString;

    private EngineTransaction(IRelationalConnection connection) => (_connection, _connectionString) = (connection, connection.ConnectionString);

    internal static EngineTransaction? Share(ContextWork context)
    {
        var scope = context.Scope!;
        if (scope.Units.Transaction is not { Connection: { } connection } transaction)
        {
            return null;
        }

        var database = context.Context.Database;
        // A context of another database has its own transactions.
        if (!database.IsRelational() || database.GetDbConnection().GetType() != connection.GetType() || scope.Store?.WhyNotIn(database.GetDbConnection()) is not null)
        {
            return null;
        }

        var shared = new EngineTransaction(database.GetService<IRelationalConnection>());
        database.SetDbConnection(connection, contextOwnsConnection: false);
        database.UseTransaction(transaction);
        return shared;
    }

    /// <summary>The context goes back into its pool: with a connection of its own again.</summary>
    internal void GiveBack()
    {
        _connection.ResetState();
        _connection.SetDbConnection(null, contextOwnsConnection: true);
        _connection.ConnectionString = _connectionString;
    }
}
