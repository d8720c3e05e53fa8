using System.Data.Common;
using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>Chooses who follows a transaction that EF Core begins or is given.</summary>
internal sealed class FollowedTransactionFactory(RelationalTransactionFactoryDependencies dependencies) : RelationalTransactionFactory(dependencies)
{
    public override RelationalTransaction Create(
        IRelationalConnection connection,
        DbTransaction transaction,
        Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger,
        bool transactionOwned) =>
        Choose(ContextWork.Of(connection.Context), transaction, transactionOwned) is { } follower
            ? new FollowedTransaction(connection, transaction, transactionId, logger, transactionOwned, Dependencies.SqlGenerationHelper, follower)
            : base.Create(connection, transaction, transactionId, logger, transactionOwned);

    private static ITransactionFollower? Choose(ContextWork context, DbTransaction transaction, bool isOwned)
    {
        if (context.Scope is not { } scope)
        {
            return null;
        }

        if (isOwned)
        {
            return context.SavesByItself ? new SaveTransaction(context, transaction) : new OwnTransaction(context, transaction);
        }

        if (scope.Units.Transaction == transaction)
        {
            // Of a unit of work that was begun or joined: whoever did so ends it, and what is dispatched belongs to it.
            return null;
        }

        foreach (var other in scope.All)
        {
            if (other.Transaction is { } shared && shared.Transaction == transaction)
            {
                shared.Share(context);
                return shared;
            }
        }

        return new GivenTransaction(scope.Units.Join(transaction));
    }
}
