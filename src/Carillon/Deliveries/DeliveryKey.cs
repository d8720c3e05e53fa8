namespace Carillon.Deliveries;

/// <summary>What deliveries of one listener have in common that must not run beside each other: an order, a customer.</summary>
/// <param name="Value">The value, compared exactly. Deliveries of different listeners have nothing to do with each other, whatever their keys.</param>
public sealed record DeliveryKey(string Value)
{
    /// <summary>
    /// Whether they run one after the other in the order in which they were written, each once the one before is settled; those behind are parked meanwhile.
    /// Defaults to false: up to <see cref="Limit"/> run at once, in any order.
    /// </summary>
    public bool IsOrdered { get; init; }

    /// <summary>With <see cref="IsOrdered"/>: whether those behind one that has failed go on. Defaults to false: they wait until it is retried, discarded or cancelled.</summary>
    public bool SkipsFailed { get; init; }

    /// <summary>How many of this listener and key may be leased at once, over all processes. Defaults to 1, and is 1 with <see cref="IsOrdered"/>.</summary>
    public int Limit { get; init; } = 1;
}
