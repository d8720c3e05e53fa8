using Carillon.Listeners;

namespace Carillon.Waiting.Internal;

/// <summary>A listener that looks at an event when the others are done with it.</summary>
internal static class LastListener
{
    private static long _lastNumber;

    internal static Listener Of<TEvent>(string what, Func<TEvent, CancellationToken, ValueTask> look)
        where TEvent : notnull =>
        new(
            $"{what}-{Interlocked.Increment(ref _lastNumber)}({typeof(TEvent).Name})",
            typeof(TEvent),
            (object @event, in ListenerCall call) => look((TEvent)@event, call.CancellationToken))
        {
            Priority = int.MinValue,
        };
}
