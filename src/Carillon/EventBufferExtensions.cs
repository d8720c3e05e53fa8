using Carillon.Dispatch.Internal;

namespace Carillon;

/// <summary>Opens blocks in which events wait.</summary>
public static class EventBufferExtensions
{
    /// <summary>From now on what is dispatched in this scope waits, until the block is flushed.</summary>
    /// <param name="bus">The dispatcher or bus of the scope.</param>
    /// <param name="eventTypes">The events that wait, those of derived types included; the others run at once. None means all.</param>
    /// <returns>The block: flush it, and dispose it in any case.</returns>
    /// <exception cref="ArgumentException">One of the types is null.</exception>
    /// <exception cref="CarillonException">The dispatcher is not Carillon's own.</exception>
    public static EventBuffer Defer(this IEventBus bus, params Type[] eventTypes)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(eventTypes);
        if (Array.IndexOf(eventTypes, null) is >= 0 and var missing)
        {
            throw new ArgumentException($"Type {missing + 1} of {eventTypes.Length} is null. Name the events that wait, or none for all.", nameof(eventTypes));
        }

        return bus is EventDispatcher own
            ? new EventBuffer(own, eventTypes)
            : throw new CarillonException(
                $"Events cannot wait in '{bus.GetType()}': only Carillon's own dispatcher knows the scope that they wait in. Call Defer on the dispatcher that it wraps.");
    }
}
