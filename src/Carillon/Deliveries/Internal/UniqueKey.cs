using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Carillon.Deliveries.Internal;

/// <summary>The key under which a delivery is unique in the store: always its listener first, so that no two listeners keep each other away.</summary>
internal static class UniqueKey
{
    /// <summary>The most characters of a key: what a database indexes gladly.</summary>
    internal const int MaxLength = 400;

    /// <summary>What was said to be unique.</summary>
    internal static string Of(string listenerId, string key) => Bound($"{Closed(listenerId)}:{key}");

    /// <summary>One name and one content, in whatever order its members were written.</summary>
    internal static string Of(string listenerId, string eventName, ReadOnlyMemory<byte> payload) => Bound($"{Closed(listenerId)}:{eventName}:{Hash(payload)}");

    // An id that has a colon must not go on in the key of a listener whose id is its beginning.
    private static string Closed(string listenerId) =>
        listenerId.AsSpan().ContainsAny(':', '\\') ? listenerId.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal) : listenerId;

    private static string Bound(string key)
    {
        if (key.Length <= MaxLength)
        {
            return key;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var kept = MaxLength - hash.Length - 1;
        // Half a character is none.
        return $"{key.AsSpan(0, char.IsHighSurrogate(key[kept - 1]) ? kept - 1 : kept)}#{hash}";
    }

    private static string Hash(ReadOnlyMemory<byte> payload)
    {
        var canonical = new ArrayBufferWriter<byte>(payload.Length + 1);
        using (var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = int.MaxValue }))
        using (var writer = new Utf8JsonWriter(canonical, new JsonWriterOptions { MaxDepth = int.MaxValue, SkipValidation = true }))
        {
            Write(document.RootElement, writer);
        }

        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
