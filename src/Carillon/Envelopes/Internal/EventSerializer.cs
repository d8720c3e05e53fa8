using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Events;
using Microsoft.Extensions.Options;

namespace Carillon.Envelopes.Internal;

/// <summary>Turns durable events into JSON and back. Only types that the application has made known are ever created.</summary>
internal sealed class EventSerializer
{
    private readonly JsonSerializerOptions _json;
    private readonly int _maxPayloadBytes;

    public EventSerializer(IOptions<EnvelopeOptions> options)
    {
        _json = options.Value.Json;
        _maxPayloadBytes = options.Value.MaxPayloadBytes;
        if (!_json.IsReadOnly)
        {
            AddReflection(_json);
            _json.MakeReadOnly();
        }
    }

    internal byte[] Serialize(EventType eventType, object @event)
    {
        var buffer = JsonBuffer.Rent(_json);
        try
        {
            JsonSerializer.Serialize(buffer.Writer, @event, GetTypeInfo(eventType));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new EventSerializationException(
                $"The event '{eventType.Name}' ({eventType.Type}) cannot be serialized: {exception.Message} "
                + "Keep events to plain values, or add a JsonSerializerContext or converter in ConfigureEnvelopes.",
                exception);
        }

        return buffer.Written is { Length: var length } written && length <= _maxPayloadBytes
            ? written.ToArray()
            : throw new EventTooLargeException(eventType.Name, buffer.Written.Length, _maxPayloadBytes);
    }

    internal object Deserialize(EventType eventType, ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload.Span, GetTypeInfo(eventType))
                ?? throw new EventSerializationException($"The stored event '{eventType.Name}' is the JSON value null, not a {eventType.Type}.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new EventSerializationException(
                $"The stored event '{eventType.Name}' cannot be read as {eventType.Type}: {exception.Message} "
                + "If the type has changed since it was stored, make the new members optional; then retry the delivery.",
                exception);
        }
    }

    /// <summary>Says why events of this type would not survive storage, or null if nothing speaks against it.</summary>
    internal string? WhyNotSerializable(Type type)
    {
        try
        {
            return JsonShape.Fault(_json.GetTypeInfo(type), _json);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return exception.Message;
        }
    }

    private JsonTypeInfo GetTypeInfo(EventType eventType) => eventType.TypeInfo ?? _json.GetTypeInfo(eventType.Type);

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where the program allows reflection; trimmed programs switch it off and use contexts.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static void AddReflection(JsonSerializerOptions json)
    {
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            json.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }
        else if (json.TypeInfoResolver is null)
        {
            json.TypeInfoResolver = JsonTypeInfoResolver.Combine();
        }
    }
}
