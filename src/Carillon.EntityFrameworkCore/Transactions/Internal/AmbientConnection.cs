using System.Data.Common;
using System.Transactions;
using Carillon.EntityFrameworkCore.Contexts.Internal;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>
/// Names the connection of a context to the ambient transaction in which it is used, so that deliveries are written on that one: a second one would have the database prepare the
/// transaction in two phases.
/// </summary>
/// <remarks>EF Core enlists its connection and tells nobody, so each command is asked. Contexts of other databases name none.</remarks>
internal sealed class AmbientConnection(ContextWork work)
{
    private Transaction? _named;

    internal void Name(DbConnection? connection)
    {
        if (Transaction.Current is not { } current || current == _named || connection is null || work.Scope is not { Store: { JoinsAmbientTransactions: true } store } scope)
        {
            return;
        }

        _named = current;
        if (store.WhyNotEnlisted(connection) is null)
        {
            scope.Units.Enlist(connection);
        }
    }
}
