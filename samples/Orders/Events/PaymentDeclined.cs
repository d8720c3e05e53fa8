using Carillon;

namespace Orders.Events;

/// <summary>The bank has refused.</summary>
[Event("payment.declined")]
public sealed record PaymentDeclined(string OrderId, string Reason);
