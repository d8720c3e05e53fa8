using Carillon;

namespace Orders.Payments;

/// <summary>Take the money for an order.</summary>
[Event("card.charge")]
public sealed record ChargeCard(string OrderId, decimal Amount) : IJob;
