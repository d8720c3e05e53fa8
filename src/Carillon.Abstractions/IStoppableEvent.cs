namespace Carillon;

/// <summary>An event that can be finished before every listener has seen it.</summary>
/// <remarks>
/// The flag is read before each listener, the first one included; once it is set, no further listener takes part, durable ones included.
/// The rule is that of PSR-14, "Stoppable Events".
/// </remarks>
public interface IStoppableEvent
{
    /// <summary>Whether the event is finished and no further listener may be called.</summary>
    bool IsPropagationStopped { get; }
}
