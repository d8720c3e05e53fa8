using Carillon;

namespace Orders.Events;

/// <summary>The bank has not answered for too long.</summary>
[Event("payment.delayed")]
public sealed record PaymentDelayed(string OrderId);
