namespace Carillon.Listeners;

/// <summary>Calls one listener with one event. Generated for methods with <see cref="OnEventAttribute"/>.</summary>
/// <param name="event">The event; its run-time type can be assigned to <see cref="Listener.EventType"/>.</param>
/// <param name="call">Where the listener's dependencies come from.</param>
public delegate ValueTask ListenerInvoker(object @event, in ListenerCall call);
