namespace Carillon.Deliveries.InMemory;

/// <summary>The deliveries of one listener and key that are not settled, by what their turns depend on.</summary>
internal sealed class InMemoryKey
{
    internal SortedSet<InMemoryDelivery> Unsettled { get; } = new(InMemoryRows.ByIdOrder);

    /// <summary>Those whose lease may have ended are among them.</summary>
    internal HashSet<InMemoryDelivery> Leased { get; } = [];

    /// <summary>Those that are parked behind another one and run one after the other, in their order.</summary>
    internal SortedSet<InMemoryDelivery> OrderedBehind { get; } = new(InMemoryRows.ByIdOrder);

    /// <summary>Those that are parked until there are fewer at once, in the order in which they would be leased.</summary>
    internal SortedSet<InMemoryDelivery> LimitedBehind { get; } = new(InMemoryRows.PlaceOrder);

    internal void Enter(InMemoryDelivery row)
    {
        Unsettled.Add(row);
        if (row.State == DeliveryState.Leased)
        {
            Leased.Add(row);
        }
        else if (row.Behind is not null)
        {
            BehindOf(row).Add(row);
        }
    }

    internal void Leave(InMemoryDelivery row)
    {
        Unsettled.Remove(row);
        Leased.Remove(row);
        BehindOf(row).Remove(row);
    }

    private SortedSet<InMemoryDelivery> BehindOf(InMemoryDelivery row) => row.Delivery.Key!.IsOrdered ? OrderedBehind : LimitedBehind;
}
