namespace Carillon;

/// <summary>An event that has a name and perhaps a payload, but no type of its own. Immutable but for what its payload allows.</summary>
/// <remarks>
/// <para>
/// Emit one with <see cref="NamedEventExtensions.EmitAsync(IEventBus, string, object, CancellationToken)"/>. Whoever listens by a name or a pattern receives it so, or receives the payload itself.
/// </para>
/// <para>
/// A listener by a pattern receives typed events whose name fits in this form as well: the payload is then the event, the same instance.
/// </para>
/// </remarks>
public sealed class NamedEvent : IStoppableEvent
{
    /// <summary>Names an event. Make one ahead and pass it to <see cref="EventDispatcherExtensions.DispatchAsync{TEvent}(IEventDispatcher, TEvent, CancellationToken)"/> to emit it without an allocation.</summary>
    /// <param name="name">The name, <c>user.created</c>. Its faults are found when it is dispatched.</param>
    /// <param name="payload">Whatever belongs to it; null if there is nothing.</param>
    public NamedEvent(string name, object? payload = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Payload = payload;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Whatever belongs to it; null if there is nothing.</summary>
    public object? Payload { get; }

    /// <summary>Whether anybody listened to the name when it was dispatched last.</summary>
    public bool IsHandled { get; internal set; }

    // A payload that is finished is finished for those who take it without its name, too.
    bool IStoppableEvent.IsPropagationStopped => Payload is IStoppableEvent { IsPropagationStopped: true };

    /// <summary>The name, for messages and the debugger.</summary>
    public override string ToString() => Name;
}
