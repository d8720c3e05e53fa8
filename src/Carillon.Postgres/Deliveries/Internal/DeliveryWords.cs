using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>What a write does, in words that name the events. Only put together when it has failed.</summary>
internal static class DeliveryWords
{
    private const int MostNames = 3;

    internal static string Write(IReadOnlyList<NewDelivery> deliveries) =>
        Describe("write", deliveries.Select(delivery => (delivery.Envelope.EventName, delivery.ListenerId)));

    internal static string Settle(IReadOnlyList<Settlement> settlements) =>
        Describe("settle", settlements.Select(settlement => (settlement.Delivery.Envelope.EventName, settlement.Delivery.ListenerId)));

    internal static string Extend(IReadOnlyList<LeasedDelivery> deliveries) =>
        Describe("extend the lease of", deliveries.Select(delivery => (delivery.Envelope.EventName, delivery.ListenerId)));

    private static string Describe(string verb, IEnumerable<(string EventName, string ListenerId)> deliveries)
    {
        var all = deliveries.ToList();
        var kinds = all.Distinct().ToList();
        var names = string.Join(", ", kinds.Take(MostNames).Select(kind => $"'{kind.EventName}' for '{kind.ListenerId}'"));
        var more = kinds.Count > MostNames ? $" and {kinds.Count - MostNames} more" : "";
        return $"{verb} {all.Count} {(all.Count == 1 ? "delivery" : "deliveries")} of {names}{more}";
    }
}
