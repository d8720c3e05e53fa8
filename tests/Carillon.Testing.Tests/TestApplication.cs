using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Testing.Tests;

/// <summary>An application as its author's tests would start it: on simulated time, recorded, its durable listeners run by hand.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string? _file;

    private TestApplication(IHost host, SimulatedTime time, string? file)
    {
        _host = host;
        _file = file;
        Time = time;
    }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal IServiceProvider Services => _host.Services;

    internal SimulatedTime Time { get; }

    internal EventRecorder Recorder => Services.GetRequiredService<EventRecorder>();

    internal CrashPoints Crashes => Services.GetRequiredService<CrashPoints>();

    internal string ConnectionString => $"Data Source={_file};Pooling=false";

    internal static Task<TestApplication> StartAsync(Action<CarillonBuilder> configure, Action<CarillonBuilder>? configureTest = null) =>
        StartAsync((_, carillon) => configure(carillon.UseInMemory()), configureTest, file: null);

    internal static Task<TestApplication> StartOnSqliteAsync(Action<CarillonBuilder> configure, Action<CarillonBuilder>? configureTest = null)
    {
        var file = Path.Combine(Path.GetTempPath(), $"carillon-{Guid.CreateVersion7():N}.db");
        return StartAsync((path, carillon) => configure(carillon.UseSqlite($"Data Source={path};Pooling=false")), configureTest, file);
    }

    internal Task DispatchAsync<TEvent>(TEvent @event)
        where TEvent : notnull => InScopeAsync(services => services.GetRequiredService<IEventDispatcher>().DispatchAsync(@event, Cancellation).AsTask());

    internal async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    internal async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        foreach (var file in _file is null ? [] : new[] { _file, $"{_file}-wal", $"{_file}-shm" })
        {
            File.Delete(file);
        }
    }

    private static async Task<TestApplication> StartAsync(Action<string?, CarillonBuilder> configure, Action<CarillonBuilder>? configureTest, string? file)
    {
        var time = new SimulatedTime();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => configure(file, carillon));
        builder.Services.AddCarillon(carillon =>
        {
            carillon.UseSimulatedTime(time).RecordEvents().RunDeliveriesByHand();
            configureTest?.Invoke(carillon);
        });
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return new TestApplication(host, time, file);
    }
}
