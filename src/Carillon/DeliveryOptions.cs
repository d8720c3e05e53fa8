using System.Diagnostics.CodeAnalysis;
using Carillon.Deliveries.Internal;

namespace Carillon;

/// <summary>What one dispatch says of its deliveries: when, how urgently, beside which others. It wins over what the event and its listeners say.</summary>
/// <remarks>Only durable listeners have deliveries; where an event has none, what is said here has no effect, and the log says so (132, Debug).</remarks>
/// <threadsafety>Immutable, and so safe to share, except for the collection in <see cref="Receipts"/>.</threadsafety>
public sealed class DeliveryOptions
{
    /// <summary>The most characters of a <see cref="Key"/>: 200.</summary>
    public const int MaxKeyLength = 200;

    /// <summary>When durable listeners may run first; what has passed is now. Defaults to null: at once. Not together with <see cref="Delay"/>.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>How long from the dispatch until durable listeners may run, at least zero. Defaults to null: at once. Not together with <see cref="DueAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Which of the deliveries of a queue that are due come first. Defaults to null: <see cref="DeliveryPriority.Normal"/>.</summary>
    public DeliveryPriority? Priority { get; init; }

    /// <summary>
    /// The key for listeners that are called in order, or so many at a time, for each key: 1 to 200 characters, compared exactly. Defaults to null: that of the
    /// event, if it is an <see cref="IKeyedEvent"/>.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// The key for listeners that take unique events, not empty. Defaults to null: that of the event, if it is an <see cref="IUniqueEvent"/>, or else its name
    /// and content.
    /// </summary>
    public string? UniqueKey { get; init; }

    /// <summary>
    /// Whether the dispatch belongs to no unit of work, ambient transaction or buffer, even if one is open: it does not wait, its deliveries are committed to the
    /// store before it returns, whatever becomes of the transaction. Defaults to false.
    /// </summary>
    public bool OutsideTransaction { get; init; }

    /// <summary>
    /// Takes in what became of each delivery, once it is committed: before the dispatch returns, or in the commit of the unit of work. Nothing comes if that one is
    /// rolled back. Defaults to null.
    /// </summary>
    public ICollection<DeliveryReceipt>? Receipts { get; init; }

    /// <summary>Where the event has come from, if it was not dispatched here first.</summary>
    internal Arrival? Arrival { get; init; }

    /// <summary>Whether anything is said that only a durable listener can heed.</summary>
    internal bool WantsDurable => DueAt is not null || Delay is not null || Priority is not null || Key is not null || UniqueKey is not null || Receipts is not null;

    /// <exception cref="ArgumentException">Something is said that cannot be.</exception>
    internal void Check()
    {
        if (Delay is { } delay && delay < TimeSpan.Zero)
        {
            Refuse($"Delay is {delay}, but what is dispatched cannot be due before it was. Say zero or more, or leave it out.");
        }

        if (Delay is not null && DueAt is not null)
        {
            Refuse($"DueAt ({DueAt:O}) and Delay ({Delay}) both say when the deliveries are due. Say one of them.");
        }

        if (Priority is { } priority && !Enum.IsDefined(priority))
        {
            Refuse($"Priority is {priority}, which is none. Say DeliveryPriority.Low, Normal or High.");
        }

        if (Key is not null && KeyFault(Key) is { } fault)
        {
            Refuse($"Key {fault}");
        }

        if (UniqueKey is { Length: 0 })
        {
            Refuse("UniqueKey is empty. Say by what the event is unique, or leave it out.");
        }
    }

    /// <summary>What is wrong with a key, or null if nothing is.</summary>
    internal static string? KeyFault(string key) =>
        key.Length == 0 ? "is empty. Say what the event is about, or leave it out: null is no key."
        : key.Length > MaxKeyLength ? $"has {key.Length} characters, '{key[..20]}...', and may have {MaxKeyLength}. Say an id, not a content."
        : null;

    [DoesNotReturn]
    private static void Refuse(string what) => throw new ArgumentException($"The options of a dispatch cannot be met: {what}");
}
