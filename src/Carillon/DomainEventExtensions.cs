using Carillon.Dispatch.Internal;

namespace Carillon;

/// <summary>Dispatches what aggregates have raised.</summary>
public static class DomainEventExtensions
{
    /// <summary>Dispatches what an aggregate has raised, in the order in which it did.</summary>
    /// <inheritdoc cref="DispatchDomainEventsAsync(IEventBus, IEnumerable{IHasDomainEvents}, CancellationToken)"/>
    /// <param name="bus">The dispatcher or bus of the scope.</param>
    /// <param name="aggregate">The aggregate.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    public static ValueTask<IReadOnlyList<IDomainEvent>> DispatchDomainEventsAsync(
        this IEventBus bus, IHasDomainEvents aggregate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        return bus.DispatchDomainEventsAsync([aggregate], cancellationToken);
    }

    /// <summary>Dispatches what aggregates have raised: one aggregate after the other, each in the order in which it did.</summary>
    /// <param name="bus">The dispatcher or bus of the scope.</param>
    /// <param name="aggregates">The aggregates. What listeners raise on them meanwhile is dispatched too.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>What was dispatched. The aggregates have nothing left to dispatch.</returns>
    /// <exception cref="CarillonException">Listeners go on raising events on the same aggregates.</exception>
    /// <remarks>An exception of a listener reaches the caller unchanged. The aggregates then have all their events again, so that the whole can be tried again.</remarks>
    public static async ValueTask<IReadOnlyList<IDomainEvent>> DispatchDomainEventsAsync(
        this IEventBus bus, IEnumerable<IHasDomainEvents> aggregates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(aggregates);
        var raised = new RaisedEvents([.. aggregates]);
        try
        {
            await raised.DispatchAsync(bus, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            raised.PutBack();
            throw;
        }

        return raised.Dispatched;
    }
}
