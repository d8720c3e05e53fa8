using System.Globalization;
using Carillon.Deliveries;
using Carillon.Killing.App.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Killing.App.Work;

/// <summary>The application: it places orders and works them off, until it is killed or its input says <see cref="Stop"/>.</summary>
internal sealed class Shop(ShopDatabase database, string name, int seed, Lines lines) : IDisposable
{
    internal const string Starting = "starting";
    internal const string Ready = "ready";
    internal const string Quiet = "quiet";
    internal const string Drain = "drain";
    internal const string Drained = "drained";
    internal const string Stop = "stop";

    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _quiet = new();

    internal async Task RunAsync(TextReader input)
    {
        lines.Say(Starting);
        using var host = Build();
        await host.StartAsync();
        lines.Say(Ready);
        var emitting = Task.WhenAll(Emitters(host.Services).Select(emitter => Task.Run(() => emitter.RunAsync(_quiet.Token))));
        // An emitter that ends by itself has met what it does not know: that ends the process, and is seen.
        var commanded = ObeyAsync(input, host.Services, emitting);
        await await Task.WhenAny(commanded, emitting);
        await commanded;
        await host.StopAsync();
    }

    public void Dispose() => _quiet.Dispose();

    private async Task ObeyAsync(TextReader input, IServiceProvider services, Task emitting)
    {
        // Without an end of its own a process whose parent has died would stay.
        while (await input.ReadLineAsync() is { } command && command != Stop)
        {
            switch (command)
            {
                case Quiet:
                    await _quiet.CancelAsync();
                    await emitting;
                    lines.Say(Quiet);
                    break;
                case Drain:
                    await DrainAsync(services.GetRequiredService<IDeliveries>());
                    break;
            }
        }

        await _quiet.CancelAsync();
    }

    private async Task DrainAsync(IDeliveries deliveries)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var last = ""; await deliveries.CountAsync() is { Count: > 0 } left; await timer.WaitForNextTickAsync())
        {
            var told = Lines.LeftWord + string.Join(", ", left.Select(state => $"{state.Key} {state.Value.ToString(CultureInfo.InvariantCulture)}"));
            if (told != last)
            {
                lines.Say(last = told);
            }
        }

        lines.Say(Drained);
    }

    private IEnumerable<Emitter> Emitters(IServiceProvider services)
    {
        var deliveries = services.GetRequiredService<IDeliveries>();
        yield return new UnitEmitter(services, database, deliveries, lines, TimeProvider.System, new Random(seed));
        yield return new UnitEmitter(services, database, deliveries, lines, TimeProvider.System, new Random(~seed));
        yield return new DirectEmitter(services, database, deliveries, lines, TimeProvider.System, name);
    }

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(lines);
        builder.Services.AddCarillon(carillon =>
        {
            database.Use(carillon.AddListeners());
            carillon.ConfigureWorker(worker =>
            {
                worker.LeaseDuration = LeaseDuration;
                worker.PollInterval = TimeSpan.FromMilliseconds(250);
                worker.SweepInterval = TimeSpan.FromSeconds(1);
                worker.MaxConcurrency = 8;
                worker.BatchSize = 20;
            });
            // Every outage fails what runs just then: that must cost no delivery its life, and no proof its time.
            carillon.ConfigureRetries(retries =>
            {
                retries.MaxAttempts = 1000;
                retries.FirstDelay = TimeSpan.FromMilliseconds(50);
                retries.MaxDelay = TimeSpan.FromMilliseconds(500);
            });
        });
        return builder.Build();
    }
}
