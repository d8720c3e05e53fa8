using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Carillon.Envelopes.Internal;

/// <summary>The attributes of an event that is being read, and what they must be. Those that nobody here knows are left alone.</summary>
internal sealed class CloudEventAttributes
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <returns>What is wrong; null if nothing is.</returns>
    internal string? Add(string name, string value) =>
        value.Length > CloudEventLimits.MaxLength
            ? $"The attribute {Quote(name)} has {value.Length:N0} characters; more than {CloudEventLimits.MaxLength:N0} are not read."
        : _values.Count == CloudEventLimits.MaxHeaders ? $"It has more than {CloudEventLimits.MaxHeaders} attributes."
        : _values.TryAdd(name, value) ? null
        : $"It has the attribute {Quote(name)} twice.";

    internal string? Find(string name) => _values.GetValueOrDefault(name);

    /// <returns>What is wrong; null if nothing is.</returns>
    internal string? Read(ReadOnlyMemory<byte> data, DateTimeOffset now, out CloudEvent? @event)
    {
        @event = null;
        if ((FaultOfVersion() ?? FaultOfRequired() ?? FaultOfTexts()) is { } fault)
        {
            return fault;
        }

        var time = now;
        if (Find(CloudEvents.Time) is { } said && !TryReadTime(said, out time))
        {
            return $"Its '{CloudEvents.Time}' is {Quote(said)}, which is no time of RFC 3339: 2026-03-01T12:00:00Z.";
        }

        var version = 1;
        if (Find(CloudEvents.EventVersion) is { } number
            && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out version) || version < 1))
        {
            return $"Its '{CloudEvents.EventVersion}' is {Quote(number)}, which is no whole number from 1 on.";
        }

        var source = Find(CloudEvents.Source)!;
        var id = IdOf(source, Find(CloudEvents.Id)!);
        var trace = TraceParent();
        @event = new CloudEvent(
            new Envelope
            {
                Id = id,
                EventName = Find(CloudEvents.Type)!,
                EventVersion = version,
                Time = time.ToUniversalTime(),
                CorrelationId = Find(CloudEvents.CorrelationId) ?? id.ToString(),
                CausationId = Guid.TryParse(Find(CloudEvents.CausationId), out var cause) ? cause : null,
                TraceParent = trace,
                TraceState = trace is null ? null : Find(CloudEvents.TraceState),
                Payload = data.ToArray(),
            },
            source,
            Find(CloudEvents.PartitionKey));
        return null;
    }

    /// <summary>A text of a stranger for a message: short, and without what could break a line.</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, 100)))
        {
            quoted.Append(char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character);
        }

        return quoted.Append(text.Length > 100 ? "...'" : "'").ToString();
    }

    private string? FaultOfVersion() =>
        Find(CloudEvents.Version) switch
        {
            CloudEvents.SpecVersion => null,
            null => $"It has no '{CloudEvents.Version}', so it is no CloudEvent. Send '{CloudEvents.SpecVersion}', and the attributes 'id', 'source' and 'type'.",
            var other => $"It is a CloudEvent of version {Quote(other)}, and only '{CloudEvents.SpecVersion}' is read.",
        };

    private string? FaultOfRequired()
    {
        foreach (var name in (ReadOnlySpan<string>)[CloudEvents.Id, CloudEvents.Source, CloudEvents.Type])
        {
            if (string.IsNullOrEmpty(Find(name)))
            {
                return $"It has no '{name}', which every CloudEvent has.";
            }
        }

        return null;
    }

    private string? FaultOfTexts()
    {
        foreach (var name in (ReadOnlySpan<string>)[CloudEvents.Id, CloudEvents.Type, CloudEvents.CorrelationId, CloudEvents.PartitionKey])
        {
            if (Find(name) is { } text && (text.Length is 0 or > CloudEventLimits.MaxIdLength || text.Any(static character => char.IsControl(character))))
            {
                return $"Its '{name}' is {Quote(text)}; it may have 1 to {CloudEventLimits.MaxIdLength} characters, and no control characters.";
            }
        }

        return null;
    }

    /// <summary>An id that is none of ours is one all the same: the same one each time the same event comes.</summary>
    private static Guid IdOf(string source, string id)
    {
        if (Guid.TryParseExact(id, "D", out var own))
        {
            return own;
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{id}"), hash);
        // Version 8: a UUID of one's own making.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    // What is no trace is not followed; the event is none the worse for it.
    private string? TraceParent() =>
        Find(CloudEvents.TraceParent) is { } trace && ActivityContext.TryParse(trace, traceState: null, out _) ? trace : null;

    private static bool TryReadTime(string text, out DateTimeOffset time)
    {
        time = default;
        // The formats of .NET know seven digits behind the second, and take a time without an offset for one of here.
        var upper = text.ToUpperInvariant();
        var offset = upper.EndsWith('Z') ? 1 : 6;
        if (upper.Length < 20 || upper.Length > 64 || (offset == 6 && upper[^6] is not ('+' or '-')))
        {
            return false;
        }

        var digits = upper[..^offset];
        if (digits.Length > 27)
        {
            if (digits.AsSpan(27).ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            digits = digits[..27];
        }

        return DateTimeOffset.TryParseExact(
            digits + upper[^offset..], "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            || (offset == 1 && DateTimeOffset.TryParseExact(
                digits + "Z", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time));
    }
}
