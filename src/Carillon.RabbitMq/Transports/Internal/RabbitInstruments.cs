using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What the transport measures. While nobody reads an instrument, it costs one look at a flag.</summary>
internal sealed class RabbitInstruments : IDisposable
{
    // The meter of the whole of Carillon: that of a factory is the same one for everybody who asks for this name and version.
    private const string Name = "Carillon";
    private const string NameVersion = "1.0.0";

    private static readonly double[] Seconds = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

    private readonly Meter _meter;
    private readonly bool _isOwn;
    private readonly Counter<long> _connectionsLost;
    private readonly Counter<long> _answered;
    private readonly Histogram<double> _confirmed;

    internal RabbitInstruments(IMeterFactory? factory)
    {
        var options = new MeterOptions(Name) { Version = NameVersion };
        (_meter, _isOwn) = factory is null ? (new Meter(options), true) : (factory.Create(options), false);
        _confirmed = _meter.CreateHistogram(
            "carillon.rabbitmq.confirm.duration", "s", "From when an event was handed over until the broker had confirmed it.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        _answered = _meter.CreateCounter<long>("carillon.rabbitmq.answered", "{event}", "Events that were received, by what became of them.");
        _connectionsLost = _meter.CreateCounter<long>("carillon.rabbitmq.connections.lost", "{connection}", "Connections that ended without having been closed.");
    }

    /// <summary>Whether it is worth to look at the clock.</summary>
    internal bool MeasuresConfirms => _confirmed.Enabled;

    internal void Confirmed(TimeSpan duration)
    {
        try
        {
            _confirmed.Record(duration.TotalSeconds);
        }
#pragma warning disable CA1031 // Who listens to measures is called in the midst of what is measured. What he throws is his own affair, here and below.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    internal void Answered(string queue, string outcome)
    {
        try
        {
            if (_answered.Enabled)
            {
                _answered.Add(1, new TagList { { "messaging.destination.name", queue }, { "carillon.delivery.outcome", outcome } });
            }
        }
#pragma warning disable CA1031 // As above.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    internal void ConnectionLost(string purpose)
    {
        try
        {
            _connectionsLost.Add(1, new KeyValuePair<string, object?>("carillon.rabbitmq.purpose", purpose));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>What is read only when somebody collects.</summary>
    internal void Observe(Func<int> unconfirmed, Func<bool> isBlocked)
    {
        _meter.CreateObservableUpDownCounter("carillon.rabbitmq.unconfirmed", unconfirmed, "{event}", "Events that are on their way to the broker, not yet confirmed.");
        _meter.CreateObservableGauge("carillon.rabbitmq.blocked", () => isBlocked() ? 1 : 0, "1", "1 while the broker takes no events, for want of memory or disk.");
    }

    public void Dispose()
    {
        if (_isOwn)
        {
            _meter.Dispose();
        }
    }
}
