using System.Collections.Concurrent;
using Carillon.Deliveries;
using Carillon.Sagas;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>A host with the sagas of these tests, on a store of its own, which it disposes of.</summary>
internal sealed class SagaApplication : IAsyncDisposable
{
    private readonly IHost _host;

    private SagaApplication(IHost host, ConcurrentQueue<string> log)
    {
        _host = host;
        Log = log;
    }

    public ConcurrentQueue<string> Log { get; }

    public ISagas Sagas => _host.Services.GetRequiredService<ISagas>();

    public IDeliveries Deliveries => _host.Services.GetRequiredService<IDeliveries>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SagaApplication> StartAsync(IDeliveryStore store, Journal journal, Action<CarillonBuilder> configure)
    {
        var log = new ConcurrentQueue<string>();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new LogProvider(log)).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton(journal);
        builder.Services.AddCarillon(carillon => configure(carillon.UseStore(_ => store)));
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return new SagaApplication(host, log);
    }

    public async Task DispatchAsync(object @event)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchObjectAsync(@event, Cancel);
    }

    public Task<int> DrainAsync() => _host.Services.DrainDeliveriesAsync(cancellationToken: Cancel);

    /// <summary>What is due first, and nothing of what that leaves.</summary>
    public async Task RunOneAsync() => (await _host.Services.GetRequiredService<IDeliveryRunner>().RunDueAsync(1, Cancel)).ShouldBe(1);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private sealed class LogProvider(ConcurrentQueue<string> log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(log, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(ConcurrentQueue<string> log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{category} {eventId.Id} {formatter(state, exception)}");
    }
}
