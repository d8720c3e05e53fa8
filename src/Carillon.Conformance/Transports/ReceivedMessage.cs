using System.Text;
using Carillon.Envelopes;
using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>What a receiver of a test was given, kept beyond its call.</summary>
public sealed class ReceivedMessage
{
    internal ReceivedMessage(IncomingEvent incoming, CancellationToken lost)
    {
        ContentType = incoming.ContentType;
        Headers = [.. incoming.Headers];
        Body = incoming.Body.ToArray();
        Attempt = incoming.Attempt;
        Lost = lost;
    }

    /// <summary>What the sender says the body is.</summary>
    public string? ContentType { get; }

    /// <summary>The headers.</summary>
    public IReadOnlyList<EventHeader> Headers { get; }

    /// <summary>The body.</summary>
    public byte[] Body { get; }

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Which attempt it was.</summary>
    public int Attempt { get; }

    /// <summary>The token of the call.</summary>
    public CancellationToken Lost { get; }

    /// <summary>The value of a header; null if it is not there.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
