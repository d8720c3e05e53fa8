using System.Data.Common;
using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>EF Core's transaction, which tells what becomes of it.</summary>
internal sealed class FollowedTransaction(
    IRelationalConnection connection,
    DbTransaction transaction,
    Guid transactionId,
    IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger,
    bool transactionOwned,
    ISqlGenerationHelper sqlGenerationHelper,
    ITransactionFollower follower)
    : RelationalTransaction(connection, transaction, transactionId, logger, transactionOwned, sqlGenerationHelper)
{
    public override void Commit()
    {
        try
        {
            Blocking.Run(() => follower.CommittingAsync(CancellationToken.None));
        }
        catch when (follower.RollsBack)
        {
            Rollback();
            throw;
        }

        try
        {
            base.Commit();
        }
        catch
        {
            follower.CommitFailed();
            throw;
        }

        Blocking.Run(follower.CommittedAsync);
    }

    public override async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await follower.CommittingAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (follower.RollsBack)
        {
            await RollbackAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        try
        {
            await base.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            follower.CommitFailed();
            throw;
        }

        await follower.CommittedAsync().ConfigureAwait(false);
    }

    public override void Rollback()
    {
        base.Rollback();
        Blocking.Run(follower.RolledBackAsync);
    }

    public override async Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        await base.RollbackAsync(cancellationToken).ConfigureAwait(false);
        await follower.RolledBackAsync().ConfigureAwait(false);
    }

    public override void CreateSavepoint(string name)
    {
        base.CreateSavepoint(name);
        follower.Saved(name);
    }

    public override async Task CreateSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        await base.CreateSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        follower.Saved(name);
    }

    public override void RollbackToSavepoint(string name)
    {
        base.RollbackToSavepoint(name);
        follower.RolledBackTo(name);
    }

    public override async Task RollbackToSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        await base.RollbackToSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        follower.RolledBackTo(name);
    }

    public override void ReleaseSavepoint(string name)
    {
        base.ReleaseSavepoint(name);
        follower.Released(name);
    }

    public override async Task ReleaseSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        await base.ReleaseSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        follower.Released(name);
    }

    public override void Dispose()
    {
        base.Dispose();
        Blocking.Run(follower.DisposedAsync);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await follower.DisposedAsync().ConfigureAwait(false);
    }
}
