using System.Collections.ObjectModel;
using System.Text.Json;
using Carillon.Envelopes;
using Carillon.EventSourcing.Internal;

namespace Carillon.EventSourcing;

/// <summary>An event as it was read from the event store.</summary>
/// <remarks>
/// It is turned into an object when <see cref="Event"/> is first asked for, as what it is today: upcasters are applied. One that cannot be (its type is gone, it is of a newer
/// version, its bytes are damaged) says so by itself, and what is around it is read all the same.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class RecordedEvent
{
    private readonly StoredEvent _stored;
    private readonly EventReading _reading;
    private object? _event;
    private IReadOnlyDictionary<string, string>? _metadata;

    internal RecordedEvent(StoredEvent stored, EventReading reading, object? @event = null)
    {
        _stored = stored;
        _reading = reading;
        _event = @event;
    }

    /// <summary>Its place among all events of the store, from 1, rising; there may be gaps.</summary>
    public long Position => _stored.Position;

    /// <summary>The stream.</summary>
    public string Stream => _stored.Stream;

    /// <summary>Its place in its stream, from 1, without gaps.</summary>
    public long Version => _stored.Version;

    /// <summary>The event as bytes, with its id, name, time, correlation and causation.</summary>
    public Envelope Envelope => _stored.Envelope;

    /// <summary>The name under which it was stored.</summary>
    public string EventName => _stored.Envelope.EventName;

    /// <summary>Who has caused it; null if nobody was named.</summary>
    public string? Who => _stored.Who;

    /// <summary>What else was said of it when it was appended; empty if nothing was.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata ??= ReadMetadata();

    /// <summary>The event, as the type that has its name today. The same object each time.</summary>
    /// <exception cref="EventSerializationException">It cannot be read: <see cref="Problem"/> says why without an exception.</exception>
    public object Event => _event ??= _reading.Read(_stored);

    /// <summary>Why <see cref="Event"/> cannot be read, and what to do; null if it can.</summary>
    public string? Problem
    {
        get
        {
            if (_event is not null)
            {
                return null;
            }

            try
            {
                _event = _reading.Read(_stored);
                return null;
            }
            catch (EventSerializationException exception)
            {
                return exception.Message;
            }
        }
    }

    internal StoredEvent Stored => _stored;

    private IReadOnlyDictionary<string, string> ReadMetadata()
    {
        if (_stored.Metadata is not { } json)
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        try
        {
            return MetadataText.Read(json);
        }
        catch (JsonException exception)
        {
            throw new EventSerializationException(
                $"The metadata of the event at position {Position} (stream '{Stream}', version {Version}) is no JSON object of texts: {exception.Message} "
                + "It was changed by hand; the event itself can be read.",
                exception);
        }
    }
}
