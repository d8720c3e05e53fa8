using System.Text;
using System.Text.Json;

namespace Carillon.Envelopes.Internal;

/// <summary>Reads the JSON object that a structured event is.</summary>
internal static class StructuredCloudEvent
{
    /// <returns>What is wrong; null if nothing is.</returns>
    internal static string? Read(ReadOnlyMemory<byte> body, CloudEventAttributes attributes, out ReadOnlyMemory<byte> data)
    {
        data = default;
        try
        {
            return ReadObject(body, attributes, out data);
        }
        // A string with half a surrogate pair is no JSON to some and no text to others.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return $"The body is no JSON that is read here: {exception.Message}";
        }
    }

    private static string? ReadObject(ReadOnlyMemory<byte> body, CloudEventAttributes attributes, out ReadOnlyMemory<byte> data)
    {
        data = default;
        var hasData = false;
        var isBase64 = false;
        var json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = EnvelopeOptions.DefaultMaxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return "The body is no JSON object.";
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (name is "data" or "data_base64")
            {
                if (hasData)
                {
                    return "It has data twice.";
                }

                hasData = true;
                isBase64 = name == "data_base64";
                if (isBase64 && json.TokenType != JsonTokenType.String)
                {
                    return "Its 'data_base64' is no string.";
                }

                data = isBase64 ? json.GetBytesFromBase64() : Slice(body, ref json);
            }
            else if (Value(ref json, out var value) is { } wrong)
            {
                return $"The attribute {CloudEventAttributes.Quote(name)} is {wrong}, and an attribute is a text, a number or a truth value.";
            }
            else if (value is not null && attributes.Add(name, value) is { } fault)
            {
                // One that is null is one that is not there.
                return fault;
            }
        }

        // Nothing but white space may follow: the reader throws at anything else.
        json.Read();
        return !hasData ? "It has no data." : FaultOfContent(attributes, isBase64);
    }

    private static string? FaultOfContent(CloudEventAttributes attributes, bool isBase64)
    {
        var mediaType = CloudEventReader.MediaType(attributes.Find(CloudEvents.DataContentType));
        return CloudEventReader.IsJson(mediaType)
            ? null
            : $"The data is {CloudEventAttributes.Quote(mediaType)}{(isBase64 ? " in Base64" : string.Empty)}, but events are JSON: send '{CloudEvents.Json}'.";
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> body, ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return body[start..(int)json.BytesConsumed];
    }

    /// <returns>What it is, if it is no value of an attribute.</returns>
    private static string? Value(ref Utf8JsonReader json, out string? value)
    {
        value = json.TokenType switch
        {
            JsonTokenType.String => json.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
        return json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            _ => null,
        };
    }
}
