namespace Carillon.Middleware;

/// <summary>An event was refused before any listener saw it.</summary>
public sealed class EventInvalidException : CarillonException
{
    internal EventInvalidException(string eventName, IReadOnlyList<string> reasons)
        : base($"The event '{eventName}' is not valid and reached no listener: {string.Join("; ", reasons)}.")
    {
        EventName = eventName;
        Reasons = reasons;
    }

    /// <summary>The name of the event.</summary>
    public string EventName { get; }

    /// <summary>Every reason, of every validator, in their order.</summary>
    public IReadOnlyList<string> Reasons { get; }
}
