using System.Buffers;
using System.Text;
using System.Text.Json;
using Carillon.Envelopes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Headers as a JSON list of lists of a name and a value: anybody can read it, and each may be there twice.</summary>
internal static class HeaderText
{
    internal static string Write(IReadOnlyList<EventHeader> headers)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var header in headers)
            {
                json.WriteStartArray();
                json.WriteStringValue(header.Name);
                json.WriteStringValue(header.Value);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>What others have written there may be anything: what is no header is none, and the event is refused for what it lacks.</summary>
    internal static IReadOnlyList<EventHeader> Read(string text)
    {
        var headers = new List<EventHeader>();
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind == JsonValueKind.Array)
            {
                headers.AddRange(from header in document.RootElement.EnumerateArray()
                                 where header is { ValueKind: JsonValueKind.Array } && header.GetArrayLength() == 2 && header[0].ValueKind == JsonValueKind.String
                                     && header[1].ValueKind != JsonValueKind.Null
                                 select new EventHeader(header[0].GetString()!, header[1].ValueKind == JsonValueKind.String ? header[1].GetString() : null));
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return headers;
    }
}
