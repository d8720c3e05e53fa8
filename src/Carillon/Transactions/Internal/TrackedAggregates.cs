using Carillon.Dispatch.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>The aggregates that a unit of work saves.</summary>
internal sealed class TrackedAggregates
{
    private List<IHasDomainEvents>? _aggregates;
    private RaisedEvents? _raised;

    internal int Count => _aggregates?.Count ?? 0;

    internal void Add(IHasDomainEvents aggregate)
    {
        if (!(_aggregates ??= []).Contains(aggregate, ReferenceEqualityComparer.Instance))
        {
            _aggregates.Add(aggregate);
        }
    }

    /// <summary>Forgets those that came after so many, which keep their events: they were not saved after all.</summary>
    internal void KeepFirst(int count)
    {
        if (Count > count)
        {
            _aggregates!.RemoveRange(count, Count - count);
        }
    }

    /// <summary>
    /// Just before the commit: dispatches what the aggregates have raised and what waits in the buffer and calls the before-commit listeners, until there is nothing
    /// of these left.
    /// </summary>
    /// <returns>Whether there were any, those apart that waited in the buffer.</returns>
    internal async ValueTask<bool> DispatchAsync(IEventBus bus, EventBuffer? waiting, PendingWork pending, CancellationToken cancellationToken)
    {
        var any = await DispatchRaisedAsync(bus, cancellationToken).ConfigureAwait(false);
        if (waiting is not null)
        {
            await waiting.FlushAsync(cancellationToken).ConfigureAwait(false);
            // Listeners of what waited may have changed aggregates.
            any |= await DispatchRaisedAsync(bus, cancellationToken).ConfigureAwait(false);
        }

        while (await pending.RunBeforeCommitAsync(cancellationToken).ConfigureAwait(false))
        {
            any = true;
            await DispatchRaisedAsync(bus, cancellationToken).ConfigureAwait(false);
        }

        return any;
    }

    /// <summary>Nothing was committed: the aggregates have their events again.</summary>
    internal void PutBack() => _raised?.PutBack();

    private ValueTask<bool> DispatchRaisedAsync(IEventBus bus, CancellationToken cancellationToken)
    {
        if (_aggregates is null)
        {
            return default;
        }

        // The list itself: a listener may add another aggregate.
        _raised ??= new RaisedEvents(_aggregates);
        return _raised.DispatchAsync(bus, cancellationToken);
    }
}
