using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Carillon.Envelopes;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The headers of a message as text, and what the transport has added to them.</summary>
internal static class IncomingHeaders
{
    /// <summary>All but those of the transport and of the broker. One that is null is one that is not there.</summary>
    internal static IReadOnlyList<EventHeader> Read(IDictionary<string, object?>? headers)
    {
        if (headers is null)
        {
            return [];
        }

        var found = new EventHeader[headers.Count];
        var count = 0;
        foreach (var (name, value) in headers)
        {
            if (value is not null && !OwnHeaders.IsOwn(name) && !OwnHeaders.IsOfTheBroker(name))
            {
                found[count++] = new EventHeader(name, Text(value));
            }
        }

        return count == found.Length ? found : found[..count];
    }

    /// <summary>Which attempt it is. What is none is the first: anybody can write headers.</summary>
    internal static int Attempt(IDictionary<string, object?>? headers) => headers is not null && headers.TryGetValue(OwnHeaders.Attempt, out var value)
        ? value switch
        {
            int number and > 0 => number,
            long and > 0 and <= int.MaxValue and var number => (int)number,
            _ => 1,
        }
        : 1;

    /// <summary>The key whose order is kept; null if it has none.</summary>
    internal static string? Key(IDictionary<string, object?>? headers) =>
        Find(headers, "cloudEvents:partitionkey") ?? Find(headers, "cloudEvents_partitionkey") ?? Find(headers, OwnHeaders.Key);

    internal static string? Find(IDictionary<string, object?>? headers, string name) => headers is not null && headers.TryGetValue(name, out var value) ? Text(value) : null;

    // Null for what has no form as text: an event of which it is an attribute is refused.
    private static string? Text(object? value) => value switch
    {
        string text => text,
        byte[] bytes => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null,
        bool truth => truth ? "true" : "false",
        int or long or short or byte or sbyte or uint or ulong or ushort or float or double or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        AmqpTimestamp { UnixTime: >= -62_135_596_800 and <= 253_402_300_799 and var seconds } => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("O", CultureInfo.InvariantCulture),
        // Anybody can write a number there that is no time: whoever wants one refuses it, and says which it was.
        AmqpTimestamp { UnixTime: var seconds } => seconds.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
