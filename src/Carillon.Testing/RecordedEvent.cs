namespace Carillon.Testing;

/// <summary>One dispatch as a recorder saw it.</summary>
/// <threadsafety>Safe for concurrent use; the outcome changes as the dispatch and its unit of work end.</threadsafety>
public sealed class RecordedEvent
{
    private volatile int _outcome;

    internal RecordedEvent(object @event, string name, bool isFake)
    {
        Event = @event;
        Name = name;
        IsFake = isFake;
    }

    /// <summary>The event itself. One that was emitted by name is its payload, or the <see cref="NamedEvent"/> if there is none or a listener takes it so.</summary>
    public object Event { get; }

    /// <summary>The name of the event, <c>order.placed</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it was faked: none of its listeners was called, and nothing was stored.</summary>
    public bool IsFake { get; }

    /// <summary>What became of it so far.</summary>
    public RecordedOutcome Outcome
    {
        get => (RecordedOutcome)_outcome;
        internal set => _outcome = (int)value;
    }

    /// <summary>What the emitter got instead of its event; null if nothing went wrong.</summary>
    public Exception? Exception { get; internal set; }

    /// <summary>The name, the event and what became of it, for messages.</summary>
    public override string ToString() =>
        $"{Name}: {Event} ({(IsFake ? "faked, " : "")}{Words(Outcome)}{(Exception is { } exception ? $" with {exception.GetType().Name}: {exception.Message}" : "")})";

    private static string Words(RecordedOutcome outcome) => outcome switch
    {
        RecordedOutcome.Running => "still running",
        RecordedOutcome.Waiting => "its unit of work is open",
        RecordedOutcome.Committed => "committed",
        RecordedOutcome.RolledBack => "rolled back",
        RecordedOutcome.Failed => "failed",
        _ => "nobody knows whether it was committed",
    };
}
