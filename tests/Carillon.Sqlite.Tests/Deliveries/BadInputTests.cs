using System.Collections.Concurrent;
using Carillon.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>What is wrong in the database or with it, while the whole engine runs on it.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly OrderDatabase _database = new();
    private readonly ConcurrentQueue<int> _ran = new();
    private Task _mayRun = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Hostile_rows_are_parked_or_failed_with_the_reason_and_the_good_one_runs()
    {
        await using (await StartAsync(enabled: false))
        {
        }

        Store("order.placed", """{"number": [[[[[""", "ship");
        Store("order.placed", "null", "ship");
        Store("order.placed", new string('[', 100_000), "ship");
        Store("order.placed", """{"number": "DROP TABLE orders"}""", "ship");
        Store("System.Diagnostics.Process, System", """{"$type":"System.Diagnostics.Process, System"}""", "ship");
        Store("order.placed", """{"number": 1}""", "nobody");
        Store("order.placed", """{"number": 7}""", "ship");

        await using var application = await StartAsync(enabled: true);
        await UntilAsync(application, counts => counts.GetValueOrDefault(DeliveryState.Failed) == 4 && counts.GetValueOrDefault(DeliveryState.Parked) == 2);

        _ran.ShouldBe([7]);
        var kept = await application.Services.GetRequiredService<IDeliveries>().ListAsync(new DeliveryQuery(), Cancellation);
        kept.Count.ShouldBe(6);
        kept.ShouldAllBe(delivery => !string.IsNullOrEmpty(delivery.Error));
    }

    [Theory]
    [InlineData("UPDATE carillon_deliveries SET created_at = 9223372036854775807 WHERE id = 1")]
    [InlineData("UPDATE carillon_deliveries SET created_at = -9223372036854775807 WHERE id = 1")]
    [InlineData("UPDATE carillon_deliveries SET event_name = '' WHERE id = 1")]
    [InlineData("UPDATE carillon_deliveries SET payload = 'text' WHERE id = 1")]
    public async Task One_damaged_row_does_not_hold_up_the_others(string damage)
    {
        await using (var writing = await StartAsync(enabled: false))
        {
            for (var number = 1; number <= 3; number++)
            {
                await writing.Events.DispatchAsync(new OrderPlaced(number), Cancellation);
            }
        }

        await using (var connection = _database.Open())
        {
            OrderDatabase.Execute(connection, null, damage);
        }

        await using var application = await StartAsync(enabled: true);
        await UntilAsync(application, counts => counts.GetValueOrDefault(DeliveryState.Ready) + counts.GetValueOrDefault(DeliveryState.Leased) == 0);

        _ran.ShouldContain(2);
        _ran.ShouldContain(3);
    }

    [Fact] // "a database that is locked": the emitter is told, the rest goes on, nothing is lost
    public async Task A_locked_database_is_named_to_the_emitter_and_the_worker_goes_on_afterwards()
    {
        await using var application = await StartAsync(enabled: true);
        await using (var other = _database.Open())
        {
            OrderDatabase.Execute(other, null, "BEGIN IMMEDIATE");
            var error = await Should.ThrowAsync<DeliveryStoreException>(async () => await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation));
            error.Message.ShouldContain("order.placed");
            error.Message.ShouldContain("orders.db");
            OrderDatabase.Execute(other, null, "ROLLBACK");
        }

        await application.Events.DispatchAsync(new OrderPlaced(2), Cancellation);
        await UntilAsync(application, counts => counts.Count == 0);

        _ran.ShouldBe([2]);
    }

    [Fact] // A disk that is full, as the database tells it. While there is no page left, not even a lease may find room: the worker asks again
    public async Task A_full_database_is_named_to_the_emitter_loses_nothing_and_what_was_stored_runs_when_there_is_room()
    {
        await using var others = _database.Open();
        OrderDatabase.Execute(others, null, "CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(200000))");
        await using var application = await Application.StartAsync(carillon => Configure(carillon.UseSqlite(options =>
        {
            options.ConnectionString = _database.ConnectionString;
            options.ConnectionOpened = connection => OrderDatabase.Execute(connection, null, "PRAGMA max_page_count = 150");
        })));

        // A worker that keeps up would make room for ever.
        var full = new TaskCompletionSource();
        _mayRun = full.Task;
        var stored = 0;
        var error = await Should.ThrowAsync<DeliveryStoreException>(async () =>
        {
            for (; stored < 10_000; stored++)
            {
                await application.Events.DispatchAsync(new OrderPlaced(stored) { Note = new string('x', 20_000) }, Cancellation);
            }
        });

        error.Message.ShouldContain("order.placed");
        error.Message.ShouldContain("full");
        stored.ShouldBeGreaterThan(0);
        (await application.Services.GetRequiredService<IDeliveries>().CountAsync(Cancellation)).Values.Sum().ShouldBe(stored);

        OrderDatabase.Execute(others, null, "DELETE FROM ballast");
        full.SetResult();
        await UntilAsync(application, counts => counts.Count == 0);
        _ran.Count.ShouldBe(stored);
    }

    private Task<Application> StartAsync(bool enabled) =>
        Application.StartAsync(carillon => Configure(carillon
            .UseSqlite(options =>
            {
                options.ConnectionString = _database.ConnectionString;
                options.BusyTimeout = TimeSpan.FromMilliseconds(50);
            })
            .ConfigureWorker(worker => worker.Enabled = enabled)));

    private void Configure(CarillonBuilder carillon) => carillon
        .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
        .Listen<OrderPlaced>(
            async (e, cancellationToken) =>
            {
                await _mayRun.WaitAsync(cancellationToken);
                _ran.Enqueue(e.Number);
            },
            options => (options.Delivery, options.Id, options.MaxAttempts) = (Delivery.Durable, "ship", 2));

    private void Store(string eventName, string payload, string listener)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO carillon_deliveries (state, due_at, token, attempt, listener, event_id, event_name, event_version, created_at, correlation, payload)
            VALUES (1, 0, 0, 0, $listener, randomblob(16), $name, 1, 0, 'test', $payload)
            """;
        command.Parameters.AddWithValue("$listener", listener);
        command.Parameters.AddWithValue("$name", eventName);
        command.Parameters.AddWithValue("$payload", System.Text.Encoding.UTF8.GetBytes(payload));
        command.ExecuteNonQuery();
    }

    private static async Task UntilAsync(Application application, Func<IReadOnlyDictionary<DeliveryState, long>, bool> condition)
    {
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition(await deliveries.CountAsync(deadline.Token)))
        {
            await Task.Yield();
        }
    }
}
