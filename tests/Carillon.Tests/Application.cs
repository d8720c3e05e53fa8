using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests;

/// <summary>An application under test: a host with Carillon, started, and one scope to dispatch from.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly AsyncServiceScope _scope;

    private Application(IHost host, RecordingLoggerProvider log)
    {
        _host = host;
        _scope = host.Services.CreateAsyncScope();
        Log = log;
    }

    internal IServiceProvider Services => _host.Services;

    internal IServiceProvider Scope => _scope.ServiceProvider;

    internal IEventDispatcher Events => _scope.ServiceProvider.GetRequiredService<IEventDispatcher>();

    internal RecordingLoggerProvider Log { get; }

    internal static async Task<Application> StartAsync(Action<CarillonBuilder> configure, Action<IServiceCollection>? configureServices = null)
    {
        var log = new RecordingLoggerProvider();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        configureServices?.Invoke(builder.Services);
        builder.Services.AddCarillon(configure);
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new Application(host, log);
    }

    internal Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>As a host ends whose start fails elsewhere.</summary>
    internal void DisposeWithoutStop() => _host.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
