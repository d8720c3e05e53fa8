using Carillon;

namespace Orders.Events;

/// <summary>The bank has taken the money.</summary>
[Event("payment.received")]
public sealed record PaymentReceived(string OrderId);
