namespace Carillon.Stores.Tests.Sagas;

[Event("order.placed")]
public sealed record OrderPlaced(string? OrderId, string Sku);

[Event("stock.reserved")]
public sealed record StockReserved(string OrderId);

[Event("payment.received")]
public sealed record PaymentReceived(string Order);

[Event("payment.declined")]
public sealed record PaymentDeclined(string OrderId);

[Event("payment.delayed")]
public sealed record PaymentOverdue(string OrderId);

[Event("customer.reminded")]
public sealed record CustomerReminded(string OrderId);

[Event("order.touched")]
public sealed record OrderTouched(string OrderId, string Mode);
