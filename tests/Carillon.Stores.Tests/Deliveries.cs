using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Stores.Tests;

internal static class Deliveries
{
    internal static NewDelivery New(
        string eventName = "poll.created",
        string listenerId = "Sitemap",
        DateTimeOffset? dueAt = null,
        byte[]? payload = null,
        DeliveryLease? lease = null) => TestDeliveries.New(eventName, listenerId, dueAt, payload, lease);
}
