using Carillon.Deliveries;

namespace Polls.Pages;

/// <summary>What the page of the events shows, and shows anew every second.</summary>
/// <param name="State">Only deliveries in this state; null for all.</param>
/// <param name="Counts">How many deliveries there are in each state.</param>
/// <param name="Rows">The newest of them.</param>
internal sealed record DeliveryTable(
    DeliveryState? State, IReadOnlyDictionary<DeliveryState, long> Counts, IReadOnlyList<DeliverySnapshot> Rows)
{
    public static bool CanRetry(DeliverySnapshot delivery) =>
        delivery.State is DeliveryState.Failed or DeliveryState.Parked or DeliveryState.Discarded;

    public static bool CanDiscard(DeliverySnapshot delivery) =>
        delivery.State is DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Failed or DeliveryState.Parked;
}
