namespace Carillon.Deliveries;

/// <summary>An attempt that failed.</summary>
/// <param name="Number">Which attempt it was, counted from 1. A retry by a person counts anew, so a number can come twice.</param>
/// <param name="At">When it ended (UTC).</param>
/// <param name="Error">Why.</param>
public sealed record DeliveryAttempt(int Number, DateTimeOffset At, string Error);
