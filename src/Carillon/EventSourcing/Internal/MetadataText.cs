using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Carillon.EventSourcing.Internal;

/// <summary>Metadata as a JSON object of texts. Written by hand, so that programs without reflection can.</summary>
internal static class MetadataText
{
    internal static string? Write(IDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="JsonException">It is no such object.</exception>
    internal static Dictionary<string, string> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"It is a JSON {document.RootElement.ValueKind}.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            metadata[member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
        }

        return metadata;
    }
}
