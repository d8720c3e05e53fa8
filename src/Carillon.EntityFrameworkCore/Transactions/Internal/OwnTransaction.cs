using System.Data.Common;
using Carillon.EntityFrameworkCore.Contexts.Internal;

namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>A transaction that the application has begun on a context, with the contexts that share it.</summary>
internal sealed class OwnTransaction : ITransactionFollower
{
    private const string BeginMark = "carillon: before the transaction";

    private readonly List<Member> _members = [];
    private bool _hasFailed;
    private bool _isEnded;

    internal OwnTransaction(ContextWork leader, DbTransaction transaction)
    {
        (Leader, Transaction) = (leader, transaction);
        Share(leader);
        // Opened at once, so that listeners that are slow inside of it are noticed.
        leader.OpenWork();
    }

    /// <summary>The context on which it was begun: what is dispatched waits there.</summary>
    internal ContextWork Leader { get; }

    internal DbTransaction Transaction { get; }

    public bool RollsBack => !_isEnded;

    internal void Share(ContextWork context)
    {
        context.Work?.SavepointCreated(BeginMark);
        _members.Add(new Member(context, HadWork: context.Work is not null));
        context.Transaction = this;
    }

    /// <summary>The context is disposed of.</summary>
    internal void Leave(ContextWork context) => _members.RemoveAll(member => member.Context == context);

    public async ValueTask CommittingAsync(CancellationToken cancellationToken)
    {
        if (_isEnded)
        {
            return;
        }

        while (await CallBeforeCommitAsync(cancellationToken).ConfigureAwait(false))
        {
            // What these listeners have changed is saved with the rest, as it is by a save without a transaction.
            foreach (var member in _members.ToArray())
            {
                if (member.Context.HasChanges)
                {
                    await member.Context.Context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }

        foreach (var member in _members)
        {
            if (member.Context.Work is { } work)
            {
                await work.WriteAsync(Transaction, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask CommittedAsync()
    {
        foreach (var member in End())
        {
            member.Context.Raised.Clear();
            if (member.Context.TakeWork() is { } work)
            {
                await work.CommittedAsync().ConfigureAwait(false);
            }
        }
    }

    public void CommitFailed() => _hasFailed = true;

    public async ValueTask RolledBackAsync()
    {
        _hasFailed = false;
        await EndWithoutCommitAsync().ConfigureAwait(false);
    }

    public ValueTask DisposedAsync() => EndWithoutCommitAsync();

    public void Saved(string name) => ForEachWork(work => work.SavepointCreated(name));

    public void RolledBackTo(string name) => ForEachWork(work => work.RolledBackToSavepoint(name));

    public void Released(string name) => ForEachWork(work => work.SavepointReleased(name));

    private async ValueTask<bool> CallBeforeCommitAsync(CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var member in _members.ToArray())
        {
            any |= member.Context.Work is { } work && await work.BeforeCommitAsync(cancellationToken).ConfigureAwait(false);
        }

        return any;
    }

    private async ValueTask EndWithoutCommitAsync()
    {
        foreach (var member in End())
        {
            member.Context.Raised.PutBackFrom(0);
            if (member.Context.Work is not { } work)
            {
                continue;
            }

            if (member.HadWork && member.Context.HasChanges)
            {
                // Those changes, and what was dispatched for them, were there before: they are to be saved still.
                work.RolledBackToSavepoint(BeginMark);
                work.SavepointReleased(BeginMark);
                continue;
            }

            member.Context.TakeWork();
            if (_hasFailed)
            {
                await work.FailedAsync().ConfigureAwait(false);
            }
            else
            {
                await work.RolledBackAsync().ConfigureAwait(false);
            }
        }
    }

    private Member[] End()
    {
        if (_isEnded)
        {
            return [];
        }

        _isEnded = true;
        foreach (var member in _members)
        {
            member.Context.Transaction = null;
        }

        return [.. _members];
    }

    private void ForEachWork(Action<Carillon.Transactions.FollowedUnitOfWork> tell)
    {
        foreach (var member in _members)
        {
            if (member.Context.Work is { } work)
            {
                tell(work);
            }
        }
    }

    /// <param name="Context">The context.</param>
    /// <param name="HadWork">Whether something that was dispatched waited for its save when it came in.</param>
    private sealed record Member(ContextWork Context, bool HadWork);
}
