using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Events;
using Microsoft.Extensions.Options;

namespace Carillon.Envelopes.Internal;

/// <summary>Turns durable events into JSON and back. Only types that the application has made known are ever created.</summary>
internal sealed class EventSerializer
{
    private readonly EnvelopeOptions _options;
    private readonly JsonSerializerOptions _json;
    private readonly Upcasting _upcasting;

    public EventSerializer(IOptions<EnvelopeOptions> options, Upcasting upcasting)
    {
        _options = options.Value;
        _options.Freeze();
        _json = _options.Json;
        _upcasting = upcasting;
    }

    internal byte[] Serialize(EventType eventType, object @event)
    {
        var buffer = JsonBuffer.Rent(_json);
        try
        {
            JsonSerializer.Serialize(buffer.Writer, @event, GetTypeInfo(eventType));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new EventSerializationException(
                $"The event '{eventType.Name}' ({eventType.Type}) cannot be serialized: {exception.Message} "
                + "Keep events to plain values, or add a JsonSerializerContext or converter in ConfigureEnvelopes.",
                exception);
        }

        return buffer.Written is { Length: var length } written && length <= _options.MaxPayloadBytes
            ? written.ToArray()
            : throw new EventTooLargeException(eventType.Name, buffer.Written.Length, _options.MaxPayloadBytes);
    }

    /// <summary>Reads a stored event as what it is today. Whatever the bytes are, nothing but that type is made of them.</summary>
    internal object Deserialize(EventType eventType, Envelope envelope)
    {
        if (envelope.Payload.Length > _options.MaxPayloadBytes)
        {
            throw new EventSerializationException(
                $"The stored event '{envelope.EventName}' has {envelope.Payload.Length:N0} bytes; more than {_options.MaxPayloadBytes:N0} are not read. "
                + "If it was stored under a higher limit, raise EnvelopeOptions.MaxPayloadBytes, in ConfigureEnvelopes; then retry the delivery.");
        }

        try
        {
            var typeInfo = GetTypeInfo(eventType);
            var @event = envelope.EventVersion == eventType.Version
                ? JsonSerializer.Deserialize(envelope.Payload.Span, typeInfo)
                : _upcasting.Upcast(eventType, envelope, _json).Deserialize(typeInfo);
            return @event ?? throw new EventSerializationException($"The stored event '{envelope.EventName}' is the JSON value null, not a {eventType.Type}.");
        }
        catch (Exception exception) when (exception is not EventSerializationException)
        {
            // Beside what JSON says of itself, whatever a constructor, a setter or a converter of the event throws at such values.
            var version = envelope.EventVersion == eventType.Version ? string.Empty : $" of version {envelope.EventVersion}";
            throw new EventSerializationException(
                $"The stored event '{envelope.EventName}'{version} cannot be read as {eventType.Type}: {exception.Message} "
                + "If the type has changed since it was stored, make the new members optional, or give it a new version and add an upcaster; then retry the delivery.",
                exception);
        }
    }

    /// <summary>Says what of events of this type would not survive storage; empty if nothing speaks against it.</summary>
    internal IReadOnlyList<JsonFault> FindFaults(Type type) => _options.FindShapeFaults(type);

    private JsonTypeInfo GetTypeInfo(EventType eventType) => eventType.TypeInfo ?? _json.GetTypeInfo(eventType.Type);
}
