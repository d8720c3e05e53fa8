using Carillon;

namespace Orders.Events;

/// <summary>What was ordered is put aside.</summary>
[Event("stock.reserved")]
public sealed record StockReserved(string OrderId);
