namespace Carillon.Deliveries;

/// <summary>A worker asks for deliveries.</summary>
/// <param name="Lease">Who asks, and how long the lease lasts.</param>
/// <param name="Now">The time (UTC): what is due by now can be leased, and a lease that has ended by now can be taken over.</param>
/// <param name="MaxCount">How many at the most.</param>
public sealed record LeaseRequest(DeliveryLease Lease, DateTimeOffset Now, int MaxCount);
