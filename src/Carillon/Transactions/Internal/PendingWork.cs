using System.Data.Common;
using System.Globalization;
using Carillon.Deliveries;
using Carillon.Dispatch.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>What was dispatched in an open unit of work and waits for its end: deliveries, and listeners of its phases, in the order of the dispatches.</summary>
/// <remarks>
/// Who ended inside which savepoint is decided here, once: what was rolled back is dropped, and its listeners are told so when the whole has ended. Nothing
/// runs before that, whatever is released in between.
/// </remarks>
/// <threadsafety>Adding is safe for concurrent use: several flows may share an ambient transaction. The rest belongs to whoever ends the unit of work.</threadsafety>
internal sealed class PendingWork : IDeliverySink
{
    private readonly Lock _gate = new();

    // Under the gate.
    private readonly List<NewDelivery> _deliveries = [];
    private readonly List<(ICollection<DeliveryReceipt> Receipts, NewDelivery Delivery)> _receipts = [];
    private readonly List<PhasedCall> _calls = [];
    private readonly List<WorkMark> _marks = [];
    private int _nextBefore;
    private int _names;
    private Action? _committed;
    private PhasedCall? _running;

    /// <summary>Writes deliveries as they are dispatched, for a transaction whose commit nobody sees coming; null to let them wait.</summary>
    internal Func<IReadOnlyList<NewDelivery>, CancellationToken, ValueTask>? WriteAtOnce { get; init; }

    /// <summary>Whether somebody says when the commit is about to happen, so that listeners can be called just before it. If not, those run at once.</summary>
    internal bool SeesCommit { get; init; } = true;

    /// <summary>The transaction of one that was begun or joined; null if it is somebody else's, who is followed.</summary>
    internal DbTransaction? Transaction { get; init; }

    /// <summary>Whether it can take a dispatch. One that was joined cannot when its transaction has ended, whoever forgot to report it.</summary>
    internal bool IsLed
    {
        get
        {
            try
            {
                return Transaction is { Connection: not null };
            }
            catch (ObjectDisposedException)
            {
                // As some drivers say it.
                return false;
            }
        }
    }

    /// <summary>Whether the store's own writes wait for the end of this unit of work.</summary>
    internal bool HoldsStore { get; init; }

    /// <summary>The connection on which an ambient transaction has its deliveries written; null for one that the store opens.</summary>
    internal EnlistedConnection? Enlisted { get; set; }

    /// <summary>Writes at once in the ambient transaction that this is; null if it is none.</summary>
    internal AmbientWriting? Ambient { get; set; }

    /// <summary>Called before anything is added: throws if the store cannot take part.</summary>
    internal Action<NewDelivery>? Admit { get; init; }

    internal bool IsOpen { get; set; } = true;

    /// <summary>The unit of work that was open in the scope before this one.</summary>
    internal PendingWork? Outer { get; set; }

    internal List<NewDelivery> Deliveries => _deliveries;

    /// <summary>Whether anybody waits for its end, those apart who only look on.</summary>
    internal bool IsEmpty => _deliveries.Count == 0 && _calls.TrueForAll(EndWatch.Is);

    /// <summary>How many listeners wait for its end, those that run before the commit apart.</summary>
    internal int CallsAfter => _calls.Count(call => call.Phase != Delivery.BeforeCommit && !EndWatch.Is(call));

    internal bool HasMarks => _marks.Count > 0;

    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, ICollection<DeliveryReceipt>? receipts, CancellationToken cancellationToken)
    {
        Admit?.Invoke(deliveries[0]);
        if (WriteAtOnce is { } write)
        {
            return WriteAndAddAsync(write, deliveries, receipts, cancellationToken);
        }

        Add(deliveries, receipts);
        return ValueTask.CompletedTask;
    }

    /// <summary>They could not be written, whatever the transaction has come to: nobody is told of them.</summary>
    internal void Drop(List<NewDelivery> deliveries)
    {
        var dropped = new HashSet<NewDelivery>(deliveries, ReferenceEqualityComparer.Instance);
        lock (_gate)
        {
            _deliveries.RemoveAll(dropped.Contains);
            _receipts.RemoveAll(receipt => dropped.Contains(receipt.Delivery));
        }
    }

    /// <summary>Has somebody told of the commit, before the listeners that hear of it.</summary>
    internal void WhenCommitted(Action tell)
    {
        lock (_gate)
        {
            _committed += tell;
        }
    }

    internal void Add(PhasedCall call)
    {
        lock (_gate)
        {
            call.ComeAfter(_running);
            _calls.Add(call);
        }
    }

    /// <summary>Calls the listeners that run before the commit, with those that are added meanwhile.</summary>
    /// <returns>Whether there were any.</returns>
    internal async ValueTask<bool> RunBeforeCommitAsync(CancellationToken cancellationToken)
    {
        var any = false;
        try
        {
            while (TakeBefore() is { } call)
            {
                any = true;
                await call.RunInsideAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _running = null;
        }

        return any;
    }

    /// <summary>Calls the listeners that hear of the end. Never throws.</summary>
    internal ValueTask EndAsync(WorkOutcome outcome)
    {
        if (outcome == WorkOutcome.Committed)
        {
            _committed?.Invoke();
            foreach (var (receipts, delivery) in _receipts)
            {
                receipts.Add(new DeliveryReceipt(delivery.Id, delivery.ListenerId, delivery.IsDuplicate));
            }
        }

        return _calls.Count == 0 ? ValueTask.CompletedTask : PhaseRunner.RunAfterAsync(
            _calls,
            call => call.IsUndone ? Delivery.AfterRollback
                : outcome switch
                {
                    WorkOutcome.Committed => Delivery.AfterCommit,
                    WorkOutcome.RolledBack => Delivery.AfterRollback,
                    _ => Delivery.AfterCompletion,
                });
    }

    internal WorkMark Mark(string? name)
    {
        lock (_gate)
        {
            var mark = new WorkMark(name, _deliveries.Count, _receipts.Count, _calls.Count, _nextBefore);
            _marks.Add(mark);
            return mark;
        }
    }

    /// <summary>The savepoint of this name that was set last; of any name for null.</summary>
    internal WorkMark? FindMark(string? name) => _marks.FindLast(mark => name is null || mark.Name == name);

    internal bool Has(WorkMark mark) => _marks.Contains(mark, ReferenceEqualityComparer.Instance);

    /// <summary>Forgets the savepoint and those set after it: what was dispatched since belongs to what is around it.</summary>
    internal void Release(WorkMark mark)
    {
        lock (_gate)
        {
            _marks.RemoveRange(IndexOf(mark), _marks.Count - IndexOf(mark));
        }
    }

    /// <summary>Drops what was dispatched since the savepoint, which stays, as it does in the database.</summary>
    internal void RollBackTo(WorkMark mark)
    {
        lock (_gate)
        {
            _marks.RemoveRange(IndexOf(mark) + 1, _marks.Count - IndexOf(mark) - 1);
            _deliveries.RemoveRange(mark.Deliveries, _deliveries.Count - mark.Deliveries);
            _receipts.RemoveRange(mark.Receipts, _receipts.Count - mark.Receipts);
            // What they have written and dispatched since is gone: whoever was called for something that stays is called again.
            _nextBefore = mark.NextBefore;
            foreach (var call in _calls[mark.Calls..])
            {
                call.IsUndone = true;
            }
        }
    }

    /// <summary>A name for a savepoint that none of this unit of work has had.</summary>
    internal string FreeName() => string.Create(CultureInfo.InvariantCulture, $"carillon_{++_names}");

    // In this order: the application may commit though they could not be written.
    private async ValueTask WriteAndAddAsync(
        Func<IReadOnlyList<NewDelivery>, CancellationToken, ValueTask> write,
        IReadOnlyList<NewDelivery> deliveries,
        ICollection<DeliveryReceipt>? receipts,
        CancellationToken cancellationToken)
    {
        await write(deliveries, cancellationToken).ConfigureAwait(false);
        Add(deliveries, receipts);
    }

    private void Add(IReadOnlyList<NewDelivery> deliveries, ICollection<DeliveryReceipt>? receipts)
    {
        lock (_gate)
        {
            _deliveries.AddRange(deliveries);
            foreach (var delivery in receipts is null ? [] : deliveries)
            {
                _receipts.Add((receipts!, delivery));
            }
        }
    }

    private int IndexOf(WorkMark mark) => _marks.FindLastIndex(each => ReferenceEquals(each, mark));

    private PhasedCall? TakeBefore()
    {
        lock (_gate)
        {
            _running = null;
            while (_nextBefore < _calls.Count)
            {
                if (_calls[_nextBefore++] is { Phase: Delivery.BeforeCommit, IsUndone: false } call)
                {
                    return _running = call;
                }
            }

            return null;
        }
    }
}
