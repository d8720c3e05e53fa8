namespace Carillon.Transports;

/// <summary>How events leave and arrive, whatever the transport.</summary>
public sealed class TransportOptions
{
    /// <summary>
    /// Who sends, as events say it: a URI or a part of one, up to 200 characters. With the id it tells an event from all others. Defaults to null: the name of the application.
    /// </summary>
    public string? Source { get; set; }

    /// <summary>
    /// Whether events are sent whole, as one JSON object (<c>application/cloudevents+json</c>). Defaults to false: the attributes are headers, and the body is the event. Both
    /// are read always.
    /// </summary>
    public bool Structured { get; set; }

    /// <summary>
    /// How long the events that are being handled have to end when the host stops, from zero to a day. Defaults to 20 seconds, and is no longer than the host's own time.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
