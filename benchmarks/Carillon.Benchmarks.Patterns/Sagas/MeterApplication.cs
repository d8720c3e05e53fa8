using System.Diagnostics;
using Carillon.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Benchmarks.Patterns.Sagas;

/// <summary>An application whose queues are paused until everything is stored: what is measured is the working off.</summary>
internal sealed class MeterApplication : IAsyncDisposable
{
    private const int Meters = 500;

    private readonly IHost _host;

    internal MeterApplication(Action<CarillonBuilder> useStore)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => useStore(carillon
            .AddListeners()
            .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, MeterJson.Default))));
        _host = builder.Build();
    }

    private IDeliveries Deliveries => _host.Services.GetRequiredService<IDeliveries>();

    internal async Task StartAsync(Func<IDeliveryStore, Task> create)
    {
        await _host.StartAsync();
        await create(_host.Services.GetRequiredService<IDeliveryStore>());
        await DispatchAsync(Enumerable.Range(0, Meters).Select(object (meter) => new MeterInstalled(Name(meter))));
        await WaitAsync();
    }

    /// <returns>Readings a second.</returns>
    internal async Task<double> MeasureAsync(int readings, Func<string, int, object> create)
    {
        await Deliveries.PauseAsync(Queues.Default);
        await DispatchAsync(Enumerable.Range(0, readings).Select(reading => create(Name(reading % Meters), reading)));
        var start = Stopwatch.GetTimestamp();
        await Deliveries.ResumeAsync(Queues.Default);
        await WaitAsync();
        return readings / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }

    internal static string Name(int meter) => $"meter-{meter}";

    internal static IEnumerable<string> Names => Enumerable.Range(0, Meters).Select(Name);

    private async Task DispatchAsync(IEnumerable<object> events)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var dispatcher = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
        foreach (var @event in events)
        {
            await dispatcher.DispatchObjectAsync(@event);
        }
    }

    private async Task WaitAsync()
    {
        while ((await Deliveries.CountAsync()).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }
}
