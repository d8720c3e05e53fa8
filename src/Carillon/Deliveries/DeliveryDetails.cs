using Carillon.Envelopes;

namespace Carillon.Deliveries;

/// <summary>All that a store knows of one delivery.</summary>
/// <param name="Delivery">Where it stands.</param>
/// <param name="Envelope">The event.</param>
/// <param name="FailedAttempts">The attempts that failed, in the order in which they ended.</param>
public sealed record DeliveryDetails(DeliverySnapshot Delivery, Envelope Envelope, IReadOnlyList<DeliveryAttempt> FailedAttempts);
