using Carillon.Names.Internal;

namespace Carillon.Transports;

/// <summary>What an application wants from a transport. Immutable.</summary>
public sealed class TransportSubscription
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxKeyLength = 100;

    /// <summary>The names wanted, or patterns of names: <c>*</c> stands for one segment between dots, <c>#</c> for any number of them. At least one.</summary>
    public required IReadOnlyList<string> Patterns { get; init; }

    /// <summary>
    /// Makes it durable, and tells it from others: 1 to <see cref="MaxKeyLength"/> characters, any but control characters; case matters. Null: temporary. A transport
    /// whose own names are shorter or allow less maps it to one of those, always the same, and never two keys to one.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>How many events are handled at once by this receiver. Defaults to 1.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>How many events the transport may have on their way to this receiver, those handled included; 0, the default, lets the transport choose.</summary>
    public int Prefetch { get; init; }

    /// <summary>
    /// Whether events of one key are handled one after the other, in the order in which they were published, whoever receives. One that comes again holds up those of its
    /// key where the transport has <see cref="TransportFeatures.OrdersRetries"/>; one that is given up holds up nobody. Defaults to false.
    /// </summary>
    public bool Ordered { get; init; }

    /// <summary>How the transport keeps the events, where it has a choice: a word of the transport, <c>quorum</c>. Null, the default, for its own default. A word that it does not know is refused.</summary>
    public string? QueueKind { get; init; }

    /// <summary>For transports: whether one of the patterns stands for the name.</summary>
    public bool Wants(string eventName)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        return Patterns.Any(pattern => NamePattern.Matches(pattern, eventName));
    }

    /// <summary>For transports: refuses what no transport could carry out.</summary>
    /// <exception cref="TransportException">It has no pattern, a pattern or a key that is none, or a number below what it may be.</exception>
    public void Check()
    {
        if (FindFault() is { } fault)
        {
            throw new TransportException($"The subscription {(Key is null ? "without a key" : $"'{Key}'")} to {string.Join(", ", Patterns.Select(static pattern => $"'{pattern}'"))} is refused: {fault}.");
        }
    }

    private string? FindFault()
    {
        if (Patterns.Count == 0)
        {
            return "it has no pattern";
        }

        foreach (var pattern in Patterns)
        {
            if (NamePattern.Fault(pattern) is { } fault)
            {
                return $"of the pattern '{pattern}', {fault}";
            }
        }

        return this switch
        {
            { Key: { } key } when key.Length is 0 or > MaxKeyLength => $"its key has {key.Length} characters, and may have 1 to {MaxKeyLength}",
            { Key: { } key } when key.Any(char.IsControl) => "its key has a control character",
            { Concurrency: < 1 } => $"its concurrency is {Concurrency}, and is at least 1",
            { Prefetch: < 0 } => $"its prefetch is {Prefetch}, and is 0, for what the transport thinks best, or more",
            _ => null,
        };
    }
}
