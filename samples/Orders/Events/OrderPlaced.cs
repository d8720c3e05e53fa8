using Carillon;

namespace Orders.Events;

/// <summary>An order has been placed.</summary>
[Event("order.placed")]
public sealed record OrderPlaced(string OrderId, string Sku, decimal Amount);
