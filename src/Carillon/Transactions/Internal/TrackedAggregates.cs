using Carillon.Dispatch.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>The aggregates that a unit of work saves.</summary>
internal sealed class TrackedAggregates
{
    private List<IHasDomainEvents>? _aggregates;
    private RaisedEvents? _raised;

    internal void Add(IHasDomainEvents aggregate)
    {
        if (!(_aggregates ??= []).Contains(aggregate, ReferenceEqualityComparer.Instance))
        {
            _aggregates.Add(aggregate);
        }
    }

    /// <summary>Dispatches what the aggregates have raised and what waits in the buffer, until there is neither.</summary>
    internal async ValueTask DispatchAsync(IEventBus bus, EventBuffer? waiting, CancellationToken cancellationToken)
    {
        if (_aggregates is not null)
        {
            // The list itself: a listener may add another aggregate.
            _raised = new RaisedEvents(_aggregates);
            await _raised.DispatchAsync(bus, cancellationToken).ConfigureAwait(false);
        }

        if (waiting is not null)
        {
            await waiting.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        // Listeners of what waited may have changed aggregates.
        if (waiting is not null && _aggregates is not null)
        {
            _raised ??= new RaisedEvents(_aggregates);
            await _raised.DispatchAsync(bus, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing was committed: the aggregates have their events again.</summary>
    internal void PutBack() => _raised?.PutBack();
}
