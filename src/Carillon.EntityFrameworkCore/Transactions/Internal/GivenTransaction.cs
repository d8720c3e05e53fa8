using Carillon.Transactions;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>A transaction that somebody began elsewhere and gave to a context. It may be committed elsewhere too, unseen: deliveries are written as they are dispatched.</summary>
internal sealed class GivenTransaction(JoinedUnitOfWork joined) : ITransactionFollower
{
    private bool _isEnded;

    public bool RollsBack => false;

    public ValueTask CommittingAsync(CancellationToken cancellationToken) => default;

    public ValueTask CommittedAsync() => TryEnd() ? joined.CommittedAsync(CancellationToken.None) : default;

    public void CommitFailed()
    {
    }

    public ValueTask RolledBackAsync() => TryEnd() ? joined.RolledBackAsync() : default;

    public ValueTask DisposedAsync()
    {
        if (TryEnd())
        {
            joined.Dispose();
        }

        return default;
    }

    public void Saved(string name)
    {
    }

    public void RolledBackTo(string name)
    {
    }

    public void Released(string name)
    {
    }

    private bool TryEnd()
    {
        var ends = !_isEnded;
        _isEnded = true;
        return ends;
    }
}
