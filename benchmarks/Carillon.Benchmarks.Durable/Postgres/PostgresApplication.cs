using Carillon.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>An application with its durable listeners, on a database of its own.</summary>
internal sealed class PostgresApplication : IAsyncDisposable
{
    private readonly IHost _host;

    private PostgresApplication(PostgresDatabase database, bool works)
    {
        Database = database;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon
            .AddListeners()
            .ConfigureWorker(worker => worker.Enabled = works)
            .UsePostgres(options =>
            {
                options.ConnectionString = database.ConnectionString;
                options.Schema = database.Schema;
            }));
        _host = builder.Build();
    }

    internal PostgresDatabase Database { get; }

    internal static async Task<PostgresApplication> StartAsync(PostgresDatabase database, bool works = true)
    {
        var application = new PostgresApplication(database, works);
        await application._host.StartAsync();
        return application;
    }

    internal AsyncServiceScope CreateScope() => _host.Services.CreateAsyncScope();

    /// <summary>Waits until so many have been run, and every delivery has been settled and removed.</summary>
    internal async Task WaitUntilAllAreCompletedAsync(int events)
    {
        await WaitForArrivalsAsync(events);
        while (!await Database.IsEmptyAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    internal static async Task WaitForArrivalsAsync(int events)
    {
        while (Arrivals.Count < events)
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
    }
}
