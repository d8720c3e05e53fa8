using Carillon.Envelopes;

namespace Carillon.Deliveries.Internal;

/// <summary>An event that another application has sent, for the length of its dispatch here.</summary>
/// <param name="Envelope">The event as it came.</param>
/// <param name="Key">The key that came with it; null if none did.</param>
/// <param name="Attempt">How often it was given to this subscription, counted from 1.</param>
/// <param name="At">When it came (UTC). The time in the envelope is that of another clock.</param>
internal sealed record Arrival(Envelope Envelope, string? Key, int Attempt, DateTimeOffset At)
{
    /// <summary>What a listener has decided; null if none has.</summary>
    internal AttemptDecision? Decision { get; set; }
}
