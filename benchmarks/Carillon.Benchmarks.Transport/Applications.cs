using System.Diagnostics;
using Carillon.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Benchmarks.Transport;

/// <summary>From one application to the listener of another: the event is read, its type found, and a scope opened for it.</summary>
internal sealed class Applications(Place place, int window)
{
    internal async Task<double> EndToEndRateAsync(int events)
    {
        Arrivals.Current = new Arrivals(events);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon
            .AddListeners()
            .UseRabbitMq(options =>
            {
                options.Connection.Address = place.Address;
                options.Exchange = place.Exchange;
                options.QueueKind = place.Kind;
            })
            .Subscribe(Measured.Name, subscription =>
            {
                subscription.Key = Place.Key;
                subscription.Prefetch = 256;
            }));
        using var host = builder.Build();
        await host.StartAsync();
        var ours = new Ours(place, window);
        await using var transport = await ours.OpenAsync();
        var started = Stopwatch.GetTimestamp();
        await ours.PublishAsync(transport, events);
        await Arrivals.Current.All;
        var rate = events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await host.StopAsync();
        return rate;
    }
}

/// <summary>The one listener: it does nothing but be counted.</summary>
public sealed class NothingToDo
{
    [OnEvent]
    public void On(Measured @event) => Arrivals.Current.Add(@event.Number);
}
