using System.Globalization;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Events.Internal;

namespace Carillon.EventSourcing.Internal;

/// <summary>Turns what is stored into the events of today.</summary>
internal sealed class EventReading(EventCatalog events, EventSerializer serializer)
{
    /// <exception cref="EventSerializationException">It cannot be read; the message says which event it is, and what to do.</exception>
    internal object Read(StoredEvent stored) => Read(stored, Find(stored.Envelope.EventName));

    internal EventType? Find(string eventName) => events.Find(eventName);

    /// <inheritdoc cref="Read(StoredEvent)"/>
    internal object Read(StoredEvent stored, EventType? known)
    {
        var envelope = stored.Envelope;
        if (known is not { } eventType)
        {
            throw new EventSerializationException(
                $"{Words(stored)}: no event of this name is known here. If it was renamed, give the event [Event(..., FormerNames = [\"{envelope.EventName}\"])]; "
                + "if its type is in another assembly, add it with AddEvent<T>(); if it is gone, leave the event alone.");
        }

        if (envelope.EventVersion > eventType.Version)
        {
            throw new EventSerializationException(
                $"{Words(stored)}: it has the version {envelope.EventVersion}, and version {eventType.Version} is the newest that is known here. Deploy a release that knows it.");
        }

        try
        {
            return serializer.Deserialize(eventType, envelope);
        }
        catch (EventSerializationException exception)
        {
            throw new EventSerializationException($"{Words(stored)}: {exception.Message}", exception);
        }
    }

    internal static string Words(StoredEvent stored) => string.Create(
        CultureInfo.InvariantCulture, $"The event '{stored.Envelope.EventName}' at position {stored.Position} (stream '{stored.Stream}', version {stored.Version}) cannot be read");
}
