namespace Carillon.Listeners.Internal;

/// <summary>
/// What is said of a durable listener, and what of it cannot be. This file is compiled into the analyzers too, so that a build refuses what a start refuses.
/// </summary>
internal sealed record DurableWords
{
    private const int MaxQueueLength = 100;

    /// <summary>How events reach the listener: durable, inline, background, or in a phase.</summary>
    public string Kind { get; init; } = "durable";

    public string? Queue { get; init; }

    public double? TimeoutSeconds { get; init; }

    public bool Transactional { get; init; }

    public bool Ordered { get; init; }

    public bool SkipsFailed { get; init; }

    public int MaxPerKey { get; init; }

    public double? RememberSeconds { get; init; }

    public bool IsUnique { get; init; }

    public bool UntilDone { get; init; }

    public double? UniqueForSeconds { get; init; }

    public bool Replaces { get; init; }

    public double? MaxWaitSeconds { get; init; }

    /// <summary>Completes a sentence that begins with the listener; null if nothing is wrong.</summary>
    internal string? Fault() =>
        Kind == "durable" ? QueueFault(Queue) ?? TimeFault() ?? OrderFault() ?? UniqueFault() : KindFault();

    /// <summary>Why a queue cannot have this name; completes a sentence that begins with who names it.</summary>
    internal static string? QueueFault(string? queue) => queue switch
    {
        null => null,
        { Length: 0 } => "has an empty queue. Leave Queue out for the queue \"default\", or name one.",
        { Length: > MaxQueueLength } => $"has a queue whose name has {queue.Length} characters; it has at most {MaxQueueLength}. Choose a shorter one.",
        _ when queue.Any(static letter => !IsAllowed(letter)) =>
            $"has the queue '{queue}', but the name of a queue has letters, digits, '.', '-' and '_' only. Name it like \"mail\".",
        _ => null,
    };

    private static bool IsAllowed(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_';

    private string? KindFault()
    {
        var word = Queue is not null ? "a queue"
            : TimeoutSeconds is not null ? "a time-out"
            : Transactional ? "Transactional"
            : Ordered ? "Ordered"
            : SkipsFailed ? "SkipsFailed"
            : MaxPerKey != 0 ? "MaxPerKey"
            : RememberSeconds is not null ? "for how long events are remembered"
            : IsUnique ? "that its events are unique"
            : null;
        return word is null ? null : $"says {word}, but it is {Kind}, and only the deliveries of durable listeners are kept. Take that away, or make it durable.";
    }

    private string? TimeFault() =>
        TimeoutSeconds <= 0 ? $"has a time-out of {TimeoutSeconds} seconds; it is longer than zero. Leave it out for the one of the retry options."
        : RememberSeconds <= 0 ? $"remembers events for {RememberSeconds} seconds; that is longer than zero. Leave it out for the time of the inbox options."
        : Transactional && RememberSeconds is not null ? "remembers events although it is transactional, and so completes each just once. Take the one or the other away."
        : null;

    private string? OrderFault() =>
        MaxPerKey < 0 ? $"has MaxPerKey = {MaxPerKey}; say 1 or more, or 0 for any number."
        : Ordered && MaxPerKey > 1 ? $"is ordered and has MaxPerKey = {MaxPerKey}, but in order means one at a time. Take Ordered or MaxPerKey away."
        : SkipsFailed && !Ordered ? "skips failed deliveries, but it is not ordered, so that nothing waits behind them. Take SkipsFailed away, or say Ordered."
        : null;

    private string? UniqueFault() =>
        UniqueForSeconds <= 0 ? $"is unique for {UniqueForSeconds} seconds; that is longer than zero. Leave it out for as long as UniqueUntil says."
        : MaxWaitSeconds <= 0 ? $"waits for {MaxWaitSeconds} seconds at the most; that is longer than zero. Leave it out for no such end."
        : Replaces && UntilDone ? "is unique until it is done and replaces the delivery that waits, but one that runs cannot be replaced. Say UniqueUntil.Started, or take Replaces away."
        : Replaces && UniqueForSeconds is not null ? "is unique for a time and replaces the delivery that waits, but within that time the first one counts. Take the one or the other away."
        : MaxWaitSeconds is not null && !Replaces ? "says how long it waits at the most, but only a delivery that is replaced by later ones can wait for ever. Say Replaces too, or take it away."
        : null;
}
