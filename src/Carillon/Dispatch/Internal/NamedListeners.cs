using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Hands listeners what they take: the event, the payload of a named one, or the event under its name. Decided when a plan is made.</summary>
internal static class NamedListeners
{
    /// <summary>Those of a typed event; the ones that want its name get it.</summary>
    internal static Listener[] OfTyped(Listener[] listeners, string eventName)
    {
        var adapted = listeners;
        for (var place = 0; place < listeners.Length; place++)
        {
            if (listeners[place].EventType == typeof(NamedEvent))
            {
                adapted = adapted == listeners ? [.. listeners] : adapted;
                adapted[place] = WithName(listeners[place], eventName);
            }
        }

        return adapted;
    }

    /// <summary>Those of a named event; the ones that want its payload get it.</summary>
    internal static Listener[] OfNamed(Listener[] listeners) =>
        Array.ConvertAll(listeners, static listener => ListenerPattern.WantsName(listener) ? listener : WithPayload(listener));

    /// <summary>A typed event as a listener takes it that asks for a named one.</summary>
    internal static object AsTaken(Listener listener, string eventName, object @event) =>
        listener.EventType == typeof(NamedEvent) && @event is not NamedEvent ? new NamedEvent(eventName, @event) : @event;

    private static Listener WithName(Listener listener, string eventName) =>
        listener.With((object @event, in ListenerCall call) => listener.Invoke(AsTaken(listener, eventName, @event), in call));

    private static Listener WithPayload(Listener listener) =>
        listener.With((object @event, in ListenerCall call) => listener.Invoke(((NamedEvent)@event).Payload!, in call));
}
