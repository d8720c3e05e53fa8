using System.Diagnostics;
using Carillon.RabbitMq.Transports;
using Carillon.Transports;

namespace Carillon.Benchmarks.Transport;

/// <summary>The transport, as Carillon calls it: each event is waited for until it is confirmed, many at once; each that arrives is answered.</summary>
internal sealed class Ours(Place place, int window)
{
    private const int Prefetch = 256;

    internal async Task<double> PublishRateAsync(int events)
    {
        await place.DeclareAsync();
        await using var transport = await OpenAsync();
        await PublishAsync(transport, events / 10);
        var started = Stopwatch.GetTimestamp();
        await PublishAsync(transport, events);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal async Task<double> ConsumeRateAsync(int events)
    {
        await place.DeclareAsync();
        await using var transport = await OpenAsync();
        await PublishAsync(transport, events);
        var started = Stopwatch.GetTimestamp();
        await using var subscription = await SubscribeAsync(transport, events);
        await Arrivals.Current.All;
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal async Task<double> EndToEndRateAsync(int events)
    {
        await using var transport = await OpenAsync();
        await using var subscription = await SubscribeAsync(transport, events);
        var started = Stopwatch.GetTimestamp();
        await PublishAsync(transport, events);
        await Arrivals.Current.All;
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal async Task<double[]> LatenciesAsync(int events)
    {
        await using var transport = await OpenAsync();
        await using var subscription = await SubscribeAsync(transport, events);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        var called = new long[events];
        await PublishAsync(transport, events, async number =>
        {
            await timer.WaitForNextTickAsync();
            called[number] = Stopwatch.GetTimestamp();
        });
        await Arrivals.Current.All;
        return Latency.Of(called);
    }

    internal async Task<RabbitMqTransport> OpenAsync()
    {
        var transport = new RabbitMqTransport(place.Options(window));
        await transport.PrepareAsync(CancellationToken.None);
        return transport;
    }

    /// <summary>As many at once as there is room for.</summary>
    internal async Task PublishAsync(RabbitMqTransport transport, int events, Func<int, Task>? before = null)
    {
        var underWay = new ValueTask<PublishResult>[window];
        for (var number = 0; number < events; number++)
        {
            if (before is not null)
            {
                await before(number);
            }

            var place = number % window;
            if (number >= window)
            {
                await underWay[place];
            }

#pragma warning disable CA2012 // Awaited once, when its place is wanted again or at the end: a window.
            underWay[place] = transport.PublishAsync(Measured.Outgoing(number, Measured.Json(number)), CancellationToken.None);
#pragma warning restore CA2012
        }

        for (var left = Math.Max(0, events - window); left < events; left++)
        {
            await underWay[left % window];
        }
    }

    private static async Task<ITransportSubscription> SubscribeAsync(RabbitMqTransport transport, int events)
    {
        Arrivals.Current = new Arrivals(events);
        return await transport.SubscribeAsync(
            new TransportSubscription { Patterns = ["#"], Key = Place.Key, Concurrency = 1, Prefetch = Prefetch },
            static (incoming, _) =>
            {
                Arrivals.Current.Add(Measured.NumberOf(incoming.Body.Span));
                return new(ReceiveOutcome.Acknowledged);
            },
            CancellationToken.None);
    }
}
