using Carillon.Aot.Orders;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Sagas;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Aot.App;

/// <summary>A saga, the event store and a projection on SQLite: what is appended is dispatched in the same transaction, starts sagas and is counted.</summary>
internal static class PostOffice
{
    private const string Stream = "parcels";

    internal static async Task<int> RunAsync(string folder)
    {
        var connectionString = $"Data Source={Path.Combine(folder, "parcels.db")}";
        var arrivals = new Arrivals();
        using var host = CreateHost(connectionString, arrivals);
        await host.StartAsync();
        // The store has told the driver where SQLite is, which finds it by reflection otherwise.
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        Execute(connection, "CREATE TABLE parcels (id INTEGER PRIMARY KEY)");
        var story = host.Services.GetRequiredService<Story>();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await SendAsync(scope.ServiceProvider, connection, new ParcelSent("1", "lamp", TimeSpan.FromMilliseconds(200)));
            await arrivals.Ended.WaitAsync();
            await SendAsync(scope.ServiceProvider, connection, new ParcelSent("2", "chair", TimeSpan.FromDays(1)), new ParcelArrived("2"));
            await arrivals.Ended.WaitAsync();
            await TellAsync(scope.ServiceProvider, story);
        }

        await host.StopAsync();
        var left = await host.Services.GetRequiredService<IDeliveries>().CountAsync();
        story.Tell($"steps {Execute(connection, "SELECT count(*) FROM parcels")}, counted {Execute(connection, "SELECT sum(parcels) FROM parcel_count WHERE generation = 2")}"
            + $" of {Execute(connection, "SELECT sum(parcels) FROM parcel_count")}, deliveries {left.GetValueOrDefault(DeliveryState.Failed) + left.GetValueOrDefault(DeliveryState.Parked)}");
        return 0;
    }

    private static async Task TellAsync(IServiceProvider services, Story story)
    {
        var store = services.GetRequiredService<IEventStore>();
        var projections = services.GetRequiredService<IProjections>();
        await projections.WaitAsync("parcel-count", (await store.FindEndAsync()).Last);
        story.Tell($"rebuilt as generation {await projections.RebuildAsync("parcel-count")}");

        var sent = await store.FoldAsync(Stream, new Sent(0), static (state, e) => e is ParcelSent ? new Sent(state.Parcels + 1) : state);
        await store.SaveSnapshotAsync(Stream, sent.Version, sent.State);
        var again = await store.FindSnapshotAsync<Sent>(Stream);
        story.Tell($"sent {again?.State.Parcels} at version {again?.Version}");

        // The completion of a step is committed a moment after its method has said so.
        var sagas = services.GetRequiredService<ISagas>();
        IReadOnlyDictionary<SagaStatus, long> ended;
        do
        {
            await Task.Yield();
            ended = await sagas.CountAsync("parcel");
        }
        while (ended.GetValueOrDefault(SagaStatus.Compensated) + ended.GetValueOrDefault(SagaStatus.Completed) < 2);

        story.Tell($"compensated {ended[SagaStatus.Compensated]}, completed {ended[SagaStatus.Completed]}");
        var first = await sagas.FindAsync("parcel", "1");
        story.Tell($"{first!.Saga.State} {first.Saga.Reason}: {string.Join(", ", first.Steps.Select(static step => step.EventName))}");
    }

    // One transaction: what is appended, and the deliveries of what is dispatched.
    private static async Task SendAsync(IServiceProvider services, SqliteConnection connection, params object[] events)
    {
        await using var work = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
        await services.GetRequiredService<IEventStore>().AppendAsync(
            Stream, ExpectedVersion.Any, events, new AppendOptions { Dispatch = true, Who = "clerk", Metadata = { ["office"] = "north" } });
        await work.CommitAsync();
    }

    private static IHost CreateHost(string connectionString, Arrivals arrivals)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Story>(_ => new Story());
        builder.Services.AddSingleton(new Fate(Dies: false));
        builder.Services.AddSingleton(arrivals);
        builder.Services.AddCarillon(carillon => carillon
            .AddListeners()
            .UseSqlite(connectionString)
            .AddProjection<ParcelCount>("parcel-count")
            .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJson.Default))
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMilliseconds(100))
            .ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromMilliseconds(100)));
        return builder.Build();
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

/// <summary>What the stream of parcels comes to.</summary>
internal sealed record Sent(int Parcels);
