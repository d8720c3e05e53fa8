using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Carillon.Envelopes.Internal;

/// <summary>Writes events as CloudEvents 1.0: attributes as headers and the data as the body, or all of it in one JSON object.</summary>
internal sealed class CloudEventWriter(string source, bool isStructured)
{
    private static readonly EventHeader Version = new(CloudEvents.Prefix + CloudEvents.Version, CloudEvents.SpecVersion);

    private readonly EventHeader _source = new(CloudEvents.Prefix + CloudEvents.Source, source);

    internal WireEvent Write(Envelope envelope, string? key) => isStructured ? WriteStructured(envelope, key) : WriteBinary(envelope, key);

    private WireEvent WriteBinary(Envelope envelope, string? key)
    {
        var headers = new EventHeader[7 + Count(envelope.CausationId) + Count(key) + Count(envelope.TraceParent) + Count(envelope.TraceState)];
        headers[0] = Version;
        headers[1] = _source;
        headers[2] = new(CloudEvents.Prefix + CloudEvents.Id, envelope.Id.ToString());
        headers[3] = new(CloudEvents.Prefix + CloudEvents.Type, envelope.EventName);
        headers[4] = new(CloudEvents.Prefix + CloudEvents.Time, Time(envelope));
        headers[5] = new(CloudEvents.Prefix + CloudEvents.EventVersion, envelope.EventVersion.ToString(CultureInfo.InvariantCulture));
        headers[6] = new(CloudEvents.Prefix + CloudEvents.CorrelationId, envelope.CorrelationId);
        var next = 7;
        Add(CloudEvents.Prefix + CloudEvents.CausationId, envelope.CausationId?.ToString());
        Add(CloudEvents.Prefix + CloudEvents.PartitionKey, key);
        Add(CloudEvents.Prefix + CloudEvents.TraceParent, envelope.TraceParent);
        Add(CloudEvents.Prefix + CloudEvents.TraceState, envelope.TraceState);
        return new WireEvent(CloudEvents.Json, headers, envelope.Payload);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers[next++] = new EventHeader(name, value);
            }
        }
    }

    private WireEvent WriteStructured(Envelope envelope, string? key)
    {
        var buffer = new ArrayBufferWriter<byte>(envelope.Payload.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(CloudEvents.Version, CloudEvents.SpecVersion);
            json.WriteString(CloudEvents.Id, envelope.Id);
            json.WriteString(CloudEvents.Source, source);
            json.WriteString(CloudEvents.Type, envelope.EventName);
            json.WriteString(CloudEvents.Time, Time(envelope));
            json.WriteString(CloudEvents.DataContentType, CloudEvents.Json);
            json.WriteNumber(CloudEvents.EventVersion, envelope.EventVersion);
            json.WriteString(CloudEvents.CorrelationId, envelope.CorrelationId);
            WriteOptional(json, CloudEvents.CausationId, envelope.CausationId?.ToString());
            WriteOptional(json, CloudEvents.PartitionKey, key);
            WriteOptional(json, CloudEvents.TraceParent, envelope.TraceParent);
            WriteOptional(json, CloudEvents.TraceState, envelope.TraceState);
            json.WritePropertyName("data");
            // It comes from the serializer, or out of the store, where the serializer has put it.
            json.WriteRawValue(envelope.Payload.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return new WireEvent(CloudEvents.Structured, [], buffer.WrittenMemory);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string Time(Envelope envelope) => envelope.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static int Count(object? value) => value is null ? 0 : 1;
}
