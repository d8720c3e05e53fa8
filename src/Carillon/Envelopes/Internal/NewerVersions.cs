using System.Collections.Concurrent;
using Carillon.Events;

namespace Carillon.Envelopes.Internal;

/// <summary>
/// The events of which this process has met a version that it does not know, as it does while a newer release is rolled out beside it. Their deliveries
/// are parked, and this process leaves it to the others to make them ready again: a store compares names only, and would hand them back to it
/// at every sweep.
/// </summary>
internal sealed class NewerVersions
{
    private readonly ConcurrentDictionary<string, int> _met = new();

    internal bool IsAny => !_met.IsEmpty;

    /// <summary>Whether the event was met under this name in a version that is newer than what is known here.</summary>
    internal bool Contains(string eventName) => _met.ContainsKey(eventName);

    /// <summary>Why the event cannot be read here, and only here; null if its version is known.</summary>
    internal string? WhyUnknown(EventType eventType, Envelope envelope)
    {
        if (envelope.EventVersion <= eventType.Version)
        {
            return null;
        }

        _met[envelope.EventName] = envelope.EventVersion;
        return $"The event '{envelope.EventName}' was stored in version {envelope.EventVersion}, and version {eventType.Version} is the newest that is known here. "
            + "It waits for an application that knows it; if there is none any more, deploy the release that wrote it, or discard the delivery.";
    }
}
