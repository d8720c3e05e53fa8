namespace Carillon.Deliveries;

/// <summary>A worker's right to a delivery, for a while.</summary>
/// <param name="Owner">The worker.</param>
/// <param name="Until">When the right ends (UTC) unless it is extended.</param>
public sealed record DeliveryLease(string Owner, DateTimeOffset Until);
