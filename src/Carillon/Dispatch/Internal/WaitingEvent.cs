namespace Carillon.Dispatch.Internal;

/// <summary>An event in a buffer, and the one in whose listener it was dispatched: links of a chain, which must not go on for ever.</summary>
internal sealed class WaitingEvent
{
    internal const int MaxDepth = 64;

    internal WaitingEvent(object @event, WaitingEvent? cause, DeliveryOptions? options)
    {
        Event = @event;
        Options = options;
        Cause = cause;
        Depth = cause is null ? 1 : cause.Depth + 1;
        if (Depth > MaxDepth)
        {
            throw new CarillonException(
                $"More than {MaxDepth} events led one to the next while a buffer was flushed: {string.Join(" -> ", Chain().Reverse())}. "
                + "Break the circle: one of these listeners must not dispatch.");
        }
    }

    internal object Event { get; }

    /// <summary>What its dispatch says of deliveries; null if it says nothing.</summary>
    internal DeliveryOptions? Options { get; }

    internal WaitingEvent? Cause { get; }

    internal int Depth { get; }

    private IEnumerable<string> Chain()
    {
        for (var link = this; link is not null; link = link.Cause)
        {
            yield return link.Event.GetType().Name;
        }
    }
}
