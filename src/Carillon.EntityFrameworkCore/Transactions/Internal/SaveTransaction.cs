using System.Data.Common;
using Carillon.Deliveries;
using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>The transaction of one save, or of one attempt at it: what comes of the save is told by the save.</summary>
internal sealed class SaveTransaction : ITransactionFollower
{
    private readonly ContextWork _context;
    private readonly DbTransaction _transaction;

    internal SaveTransaction(ContextWork context, DbTransaction transaction)
    {
        (_context, _transaction) = (context, transaction);
        context.Attempt();
    }

    public bool RollsBack => false;

    public async ValueTask CommittingAsync(CancellationToken cancellationToken)
    {
        if (_context.Work is not { } work)
        {
            return;
        }

        try
        {
            await work.WriteAsync(_transaction, cancellationToken).ConfigureAwait(false);
        }
        catch (DeliveryStoreException exception) when (exception.InnerException is DbException { IsTransient: true } transient)
        {
            // As EF Core wraps its own, so that an execution strategy recognises it and tries again.
            throw new DbUpdateException(exception.Message, transient);
        }
    }

    public ValueTask CommittedAsync()
    {
        _context.Committed();
        return default;
    }

    public void CommitFailed()
    {
    }

    public ValueTask RolledBackAsync() => default;

    public ValueTask DisposedAsync() => default;

    public void Saved(string name)
    {
    }

    public void RolledBackTo(string name)
    {
    }

    public void Released(string name)
    {
    }
}
