using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Diagnostics.Internal;

/// <summary>What is measured in an application. While nobody reads an instrument, it costs one look at a flag.</summary>
internal sealed class Instruments : IDisposable
{
    private const string OfDeliveries = "{delivery}";

    // From a listener that does nothing to one that does a lot, and from a delivery that is handed over in memory to one that has waited for a day.
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
    private static readonly double[] Lags = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];
    private static readonly double[] InlineSeconds = [0.000_01, 0.000_1, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly int[] Sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

    private readonly Meter _meter;
    private readonly bool _isOwn;

    internal Instruments(IMeterFactory? factory)
    {
        var options = new MeterOptions(Telemetry.Name) { Version = Telemetry.Version };
        // That of a factory is the factory's, which gives the same one to everybody of one application.
        (_meter, _isOwn) = factory is null ? (new Meter(options), true) : (factory.Create(options), false);
        Stored = Count("carillon.deliveries.stored", "Deliveries that were committed to the store.");
        Completed = Count("carillon.deliveries.completed", "Deliveries whose listener has run.");
        Retried = Count("carillon.deliveries.retried", "Attempts that failed and are made again.");
        Failed = Count("carillon.deliveries.failed", "Deliveries that failed for the last time and are kept as failed.");
        Parked = Count("carillon.deliveries.parked", "Deliveries that were put aside, since their event or listener is not known.");
        Discarded = Count("carillon.deliveries.discarded", "Deliveries that were discarded, by their listener or by hand.");
        Cancelled = Count("carillon.deliveries.cancelled", "Deliveries that were cancelled.");
        LeasesLost = Count("carillon.leases.lost", "Leases that were lost to another worker, or may have been: the listener may run again.");
        AttemptDuration = Measure("carillon.attempt.duration", "s", "How long an attempt took.", Seconds);
        Lag = Measure("carillon.attempt.lag", "s", "From when a delivery was due to the start of its attempt.", Lags);
        LeaseSize = Measure("carillon.lease.batch_size", OfDeliveries, "Deliveries that were leased together; looks into the store that found none are left out.", Sizes);
        SettleSize = Measure("carillon.settle.batch_size", OfDeliveries, "Outcomes that were written together.", Sizes);
        SagaSteps = Count("carillon.saga.steps", "{step}", "Steps of sagas that were saved, by how far the saga was after them.");
        SagaEventsIgnored = Count("carillon.saga.events.ignored", "{event}", "Events that came to a saga and were left out: again, too late, or to one that is not there.");
        SagaConflicts = Count("carillon.saga.conflicts", "{step}", "Steps that were overtaken by another one of their saga, and come again.");
        DispatchDuration = Measure("carillon.dispatch.duration", "s", "How long a dispatch took: its inline listeners, and storing what is durable.", InlineSeconds);
    }

    internal static Instruments Of(IServiceProvider services) => new(services.GetService<IMeterFactory>());

    internal Counting Stored { get; }

    internal Counting Completed { get; }

    internal Counting Retried { get; }

    internal Counting Failed { get; }

    internal Counting Parked { get; }

    internal Counting Discarded { get; }

    internal Counting Cancelled { get; }

    internal Counting LeasesLost { get; }

    internal Counting SagaSteps { get; }

    internal Counting SagaEventsIgnored { get; }

    internal Counting SagaConflicts { get; }

    internal Measuring<double> AttemptDuration { get; }

    internal Measuring<double> Lag { get; }

    internal Measuring<int> LeaseSize { get; }

    internal Measuring<int> SettleSize { get; }

    internal Measuring<double> DispatchDuration { get; }

    /// <summary>What is read only when somebody collects.</summary>
    internal void ObserveInHand(Func<IEnumerable<Measurement<int>>> observe) =>
        _meter.CreateObservableUpDownCounter("carillon.deliveries.in_hand", observe, OfDeliveries, "Deliveries that this process holds leases of.");

    /// <inheritdoc cref="ObserveInHand"/>
    internal void ObserveWaiting(Func<IEnumerable<Measurement<long>>> observe) =>
        _meter.CreateObservableGauge("carillon.queue.waiting", observe, OfDeliveries, "Deliveries of a queue that are due and wait, in all processes.");

    /// <inheritdoc cref="ObserveInHand"/>
    internal void ObserveOldest(Func<IEnumerable<Measurement<double>>> observe) =>
        _meter.CreateObservableGauge("carillon.queue.oldest_age", observe, "s", "For how long the oldest delivery that waits in a queue has been due.");

    /// <inheritdoc cref="ObserveInHand"/>
    internal void ObserveProjectionLag(Func<IEnumerable<Measurement<long>>> observe) =>
        _meter.CreateObservableGauge("carillon.projection.lag", observe, "{event}", "How many positions a projection is behind the last one that the event store has given.");

    /// <inheritdoc cref="ObserveInHand"/>
    internal void ObserveProjectionStopped(Func<IEnumerable<Measurement<int>>> observe) =>
        _meter.CreateObservableGauge("carillon.projection.stopped", observe, "{projection}", "1 for a projection that has failed or was paused, by which of both; 0 for one that has not.");

    public void Dispose()
    {
        if (_isOwn)
        {
            _meter.Dispose();
        }
    }

    private Counting Count(string name, string description) => Count(name, OfDeliveries, description);

    private Counting Count(string name, string unit, string description) => new(_meter.CreateCounter<long>(name, unit, description));

    private Measuring<T> Measure<T>(string name, string unit, string description, T[] boundaries)
        where T : struct =>
        new(_meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = boundaries }));
}
