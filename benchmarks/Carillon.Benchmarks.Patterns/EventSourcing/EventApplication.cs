using System.Diagnostics;
using Carillon.EventSourcing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>An application with an event store.</summary>
internal sealed class EventApplication : IAsyncDisposable
{
    private readonly IHost _host;

    private EventApplication(IHost host) => _host = host;

    internal IServiceProvider Services => _host.Services;

    internal static async Task<EventApplication> StartAsync(Action<CarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon =>
        {
            carillon.AddListeners().UseEventStore().AddEvent<ItemsMoved>();
            configure(carillon);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new EventApplication(host);
    }

    /// <summary>How many events a second are appended.</summary>
    internal async Task<double> AppendAsync()
    {
        await AppendAsync(0, Appends.Streams / 5);
        var started = Stopwatch.GetTimestamp();
        await AppendAsync(Appends.Streams, Appends.Streams);
        return Appends.Streams * Appends.Batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task AppendAsync(int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await using var scope = _host.Services.CreateAsyncScope();
            var events = new ItemsMoved[Appends.Batch];
            for (var i = 0; i < events.Length; i++)
            {
                events[i] = new ItemsMoved(number, i, ItemsMoved.Why);
            }

            await scope.ServiceProvider.GetRequiredService<IEventStore>().AppendAsync(Appends.StreamOf(number), ExpectedVersion.NoStream, events);
        }
    }
}
