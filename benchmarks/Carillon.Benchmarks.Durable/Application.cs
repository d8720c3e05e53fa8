using Carillon.Deliveries;
using Carillon.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Benchmarks.Durable;

/// <summary>An application with one durable listener, on a database of its own, with its worker running.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly IHost _host;

    private Application(Database database)
    {
        Database = database;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon
            .AddListeners()
            .UseSqlite(options =>
            {
                options.ConnectionString = database.ConnectionString;
                options.Synchronous = database.Synchronous;
            }));
        _host = builder.Build();
    }

    internal Database Database { get; }

    internal static async Task<Application> StartAsync(SqliteSynchronous synchronous)
    {
        var application = new Application(new Database(synchronous));
        await application._host.StartAsync();
        return application;
    }

    internal AsyncServiceScope CreateScope() => _host.Services.CreateAsyncScope();

    /// <summary>Waits until every delivery has been run, settled and removed.</summary>
    internal async Task WaitUntilAllAreCompletedAsync(int events)
    {
        var deliveries = _host.Services.GetRequiredService<IDeliveries>();
        while (Arrivals.Count < events || (await deliveries.CountAsync()).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        Database.Dispose();
    }
}
