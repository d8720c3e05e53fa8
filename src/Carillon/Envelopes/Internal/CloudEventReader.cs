namespace Carillon.Envelopes.Internal;

/// <summary>Reads CloudEvents 1.0 off the wire. Whatever the bytes are, it says what is wrong with them, throws nothing, and looks for no type.</summary>
internal static class CloudEventReader
{
    /// <param name="contentType">What the sender says the body is; null is JSON.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="body">The body.</param>
    /// <param name="limits">How much is looked at.</param>
    /// <param name="now">When it arrived: the time of an event that says none.</param>
    /// <param name="event">The event, if it is one.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    internal static string? Read(
        string? contentType, IReadOnlyList<EventHeader> headers, ReadOnlyMemory<byte> body, CloudEventLimits limits, DateTimeOffset now, out CloudEvent? @event)
    {
        @event = null;
        var attributes = new CloudEventAttributes();
        ReadOnlyMemory<byte> data;
        if (FaultOfSize(headers, body, limits) is { } size)
        {
            return size;
        }

        var mediaType = MediaType(contentType);
        if (mediaType.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase))
        {
            if (!mediaType.Equals(CloudEvents.Structured, StringComparison.OrdinalIgnoreCase))
            {
                return $"The content type is {CloudEventAttributes.Quote(mediaType)}; of the structured ones only '{CloudEvents.Structured}' is read, one event a message.";
            }

            if (StructuredCloudEvent.Read(body, attributes, out data) is { } structure)
            {
                return structure;
            }
        }
        else
        {
            if (AddHeaders(headers, attributes) is { } header)
            {
                return header;
            }

            if (!IsJson(mediaType))
            {
                return $"The content type is {CloudEventAttributes.Quote(mediaType)}, but events are JSON: send '{CloudEvents.Json}'.";
            }

            data = body;
        }

        return data.Length > limits.MaxBodyBytes ? TooLarge(data.Length, limits.MaxBodyBytes) : attributes.Read(data, now, out @event);
    }

    internal static bool IsJson(string mediaType) =>
        mediaType.Length == 0
        || mediaType.Equals(CloudEvents.Json, StringComparison.OrdinalIgnoreCase)
        || mediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Without its parameters: JSON is UTF-8, whatever they say.</summary>
    internal static string MediaType(string? contentType) => contentType is null ? string.Empty : contentType.Split(';', 2)[0].Trim();

    private static string? FaultOfSize(IReadOnlyList<EventHeader> headers, ReadOnlyMemory<byte> body, CloudEventLimits limits)
    {
        if (headers.Count > CloudEventLimits.MaxHeaders)
        {
            return $"It has {headers.Count} headers, and more than {CloudEventLimits.MaxHeaders} are not read.";
        }

        if (body.Length > (long)limits.MaxBodyBytes + CloudEventLimits.MaxFrameBytes)
        {
            return TooLarge(body.Length, limits.MaxBodyBytes);
        }

        foreach (var header in headers)
        {
            if (header.Name.Length > CloudEventLimits.MaxIdLength || header.Value is { Length: > CloudEventLimits.MaxLength })
            {
                return $"The header {CloudEventAttributes.Quote(header.Name)} has a name of {header.Name.Length:N0} and a value of {header.Value?.Length ?? 0:N0} characters; "
                    + $"more than {CloudEventLimits.MaxIdLength} and {CloudEventLimits.MaxLength:N0} are not read.";
            }
        }

        return null;
    }

    private static string TooLarge(int length, int most) =>
        $"It has {length:N0} bytes, and more than {most:N0} are not read. If events may be so large, raise EnvelopeOptions.MaxPayloadBytes, in ConfigureEnvelopes.";

    private static string? AddHeaders(IReadOnlyList<EventHeader> headers, CloudEventAttributes attributes)
    {
        foreach (var header in headers)
        {
            if (!header.Name.StartsWith(CloudEvents.Prefix, StringComparison.OrdinalIgnoreCase) && !header.Name.StartsWith(CloudEvents.OtherPrefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var name = header.Name[CloudEvents.Prefix.Length..].ToLowerInvariant();
            if (header.Value is null)
            {
                return $"The attribute {CloudEventAttributes.Quote(name)} has no form as text, and an attribute is a text, a number or a truth value.";
            }

            if (attributes.Add(name, header.Value) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }
}
