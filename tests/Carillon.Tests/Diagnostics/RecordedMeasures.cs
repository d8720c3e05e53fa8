using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Carillon.Tests.Diagnostics;

/// <summary>Reads the measures of one application.</summary>
internal sealed class RecordedMeasures : IDisposable
{
    private readonly ConcurrentQueue<Measure> _measures = new();
    private readonly MeterListener _listener = new();

    internal RecordedMeasures(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Carillon" && instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    internal IReadOnlyList<Measure> Of(string name) => [.. _measures.Where(measure => measure.Name == name)];

    internal double Sum(string name) => Of(name).Sum(measure => measure.Value);

    /// <summary>What observable instruments say now.</summary>
    internal IReadOnlyList<Measure> Collect(string name)
    {
        _measures.Clear();
        _listener.RecordObservableInstruments();
        return Of(name);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measures.Enqueue(new Measure(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));

    internal sealed record Measure(string Name, double Value, Dictionary<string, object?> Tags);
}
