using Carillon.Listeners;
using Carillon.Retries;

namespace Carillon.Deliveries.Internal;

/// <summary>All that is said of one durable listener, wherever it is said: resolved once, not at every attempt.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Retries">How often, and when again.</param>
/// <param name="Timeout">How long an attempt may take; null for any time.</param>
/// <param name="Remember">How long an event that was completed is recognised; null if it is not.</param>
internal sealed record AttemptPlan(Listener Listener, RetryPolicy Retries, TimeSpan? Timeout, TimeSpan? Remember);
