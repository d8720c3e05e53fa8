namespace Carillon.Deliveries.Internal;

/// <summary>What a listener has decided about its delivery, in place of completing it.</summary>
/// <param name="Outcome">Snoozed, discarded, or come again as a failure.</param>
/// <param name="Reason">Why; null for a snooze.</param>
/// <param name="Delay">How long until it comes again; null if the retry options say.</param>
internal sealed record AttemptDecision(DeliveryOutcome Outcome, string? Reason, TimeSpan? Delay);
