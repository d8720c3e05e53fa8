namespace Carillon.Sagas;

/// <summary>One saga as a store keeps it.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record SagaInstance
{
    /// <summary>The name of the saga.</summary>
    public required string Saga { get; init; }

    /// <summary>Which one: unique among those of its name, 200 characters at the most.</summary>
    public required string Key { get; init; }

    /// <summary>How far it is.</summary>
    public required SagaStatus Status { get; init; }

    /// <summary>How often it was saved: 1 after the first time. Whoever saves it names the one that follows what was read.</summary>
    public required long Version { get; init; }

    /// <summary>With which version of its type the state was written.</summary>
    public required int StateVersion { get; init; }

    /// <summary>The state: JSON, in UTF-8.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>What the engine has to know beside it (open time-outs, what is to be undone): JSON, in UTF-8. A store keeps it as it is.</summary>
    public required ReadOnlyMemory<byte> Progress { get; init; }

    /// <summary>Why it has given up; null if it has not.</summary>
    public string? Reason { get; init; }

    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was saved last (UTC); of one that has ended, when it has.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Until when it is kept (UTC); null as long as it has not ended.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>Whether it has reached one of its ends.</summary>
    public bool HasEnded => Status is SagaStatus.Completed or SagaStatus.Compensated;
}
