using System.Globalization;
using System.Text;
using Carillon.Envelopes;
using Carillon.Transports;

namespace Carillon.Benchmarks.Transport;

/// <summary>An event of about 1 KiB as JSON.</summary>
[Event("measured", Leaves = true)]
public sealed record Measured(int Number, string Body)
{
    internal const string Name = "measured";

    /// <summary>As many letters as make 1 KiB of the whole.</summary>
    internal static readonly string Kibibyte = new('x', 1000);

    /// <summary>The bytes of one.</summary>
    internal static byte[] Json(int number) => Encoding.UTF8.GetBytes($$"""{"number":{{number.ToString("00000", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(1, '0')}},"body":"{{Kibibyte}}"}""");

    /// <summary>The headers that a CloudEvent has at least, as Carillon sends them.</summary>
    internal static EventHeader[] Headers(Guid id) =>
    [
        new("cloudEvents:specversion", "1.0"),
        new("cloudEvents:source", "/measured"),
        new("cloudEvents:id", id.ToString()),
        new("cloudEvents:type", Name),
        new("cloudEvents:time", "2026-03-01T12:00:00.0000000Z"),
        new("cloudEvents:eventversion", "1"),
        new("cloudEvents:correlationid", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ];

    internal static OutgoingEvent Outgoing(int number, byte[] body)
    {
        var id = new Guid(number, 7, 7, [8, 0, 0, 0, 0, 0, 0, 1]);
        return new() { EventName = Name, Id = id, ContentType = "application/json", Headers = Headers(id), Body = body };
    }

    /// <summary>Its number, which stands at the same place in all of them.</summary>
    internal static int NumberOf(ReadOnlySpan<byte> json) =>
        System.Buffers.Text.Utf8Parser.TryParse(json["{\"number\":".Length..], out int number, out _)
            ? number
            : throw new FormatException("An event that has come has no number.");
}
