using System.Collections.Concurrent;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Postgres.Tests.Transactions;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using NpgsqlTypes;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>What is wrong in the database or with it, while the whole engine runs on it.</summary>
public sealed class BadInputTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();
    private readonly ConcurrentQueue<int> _ran = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Hostile_rows_are_parked_or_failed_with_the_reason_and_the_good_one_runs()
    {
        await using var application = await StartAsync();
        await StoreAsync("order.placed", """{"number": [[[[[""", "ship");
        await StoreAsync("order.placed", "null", "ship");
        await StoreAsync("order.placed", new string('[', 100_000), "ship");
        await StoreAsync("order.placed", """{"number": "DROP TABLE orders"}""", "ship");
        await StoreAsync("System.Diagnostics.Process, System", """{"$type":"System.Diagnostics.Process, System"}""", "ship");
        await StoreAsync("order.placed", """{"number": 1}""", "nobody");
        await StoreAsync("order.placed", """{"number": 1}""", "ship", version: 99);
        await StoreAsync("order.placed", """{"number": 7}""", "ship");

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);

        _ran.ShouldBe([7]);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        (await deliveries.CountAsync(Cancel)).ShouldBe(new Dictionary<DeliveryState, long> { [DeliveryState.Failed] = 4, [DeliveryState.Parked] = 3 }, ignoreOrder: true);
        (await deliveries.ListAsync(new DeliveryQuery(), Cancel)).ShouldAllBe(delivery => !string.IsNullOrEmpty(delivery.Error));
    }

    [Theory]
    [InlineData("created_at = 9223372036854775807")]
    [InlineData("created_at = -9223372036854775807")]
    [InlineData("event_name = ''")]
    [InlineData("priority = 7")]
    [InlineData("payload = '\\x00ff'")]
    public async Task One_damaged_row_does_not_hold_up_the_others(string damage)
    {
        await using var application = await StartAsync();
        for (var number = 1; number <= 3; number++)
        {
            await application.Events.DispatchAsync(new OrderPlaced(number), Cancel);
        }

        await _place.ExecuteAsync($"UPDATE {{schema}}.deliveries SET {damage} WHERE id = (SELECT min(id) FROM {{schema}}.deliveries)");

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);

        _ran.ShouldContain(2);
        _ran.ShouldContain(3);
    }

    [Theory] // A disk that is full, as the server tells it
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_is_named_to_the_emitter_and_what_was_stored_still_runs(bool inUnitOfWork)
    {
        await using var application = await StartAsync();
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        await _place.ExecuteAsync(
            """
            CREATE FUNCTION {schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
            END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON {schema}.deliveries FOR EACH STATEMENT EXECUTE FUNCTION {schema}.full();
            """);

        var error = await Should.ThrowAsync<DeliveryStoreException>(() => DispatchAsync(application, inUnitOfWork));

        foreach (var part in new[] { "order.placed", "No space left", "Nothing has changed", "make room" })
        {
            error.Message.ShouldContain(part);
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
        _ran.ShouldBe([1]);
        await _place.ExecuteAsync("DROP TRIGGER full_disk ON {schema}.deliveries");
        await DispatchAsync(application, inUnitOfWork);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
        _ran.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_refused_at_its_dispatch_and_the_rest_of_the_unit_of_work_stands()
    {
        await using var application = await StartAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using (var work = await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            (await Should.ThrowAsync<EventTooLargeException>(async () => await application.Events.DispatchAsync(new NoteKept(new string('x', 2_000), 0), Cancel))).Message.ShouldContain("note.kept");
            (await Should.ThrowAsync<EventSerializationException>(async () => await application.Events.DispatchAsync(new NoteKept("", double.NaN), Cancel))).Message.ShouldContain("note.kept");
            await application.Events.DispatchAsync(new OrderPlaced(2), Cancel);
            await work.CommitAsync(Cancel);
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
        _ran.ShouldBe([1, 2]);
    }

    private static async Task DispatchAsync(Application application, bool inUnitOfWork)
    {
        if (!inUnitOfWork)
        {
            await application.Events.DispatchAsync(new OrderPlaced(2), Cancel);
            return;
        }

        await using var scope = application.Services.CreateAsyncScope();
        await using var connection = new Npgsql.NpgsqlConnection(PostgresPlace.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel);
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(2), Cancel);
        await work.CommitAsync(Cancel);
    }

    private Task<Application> StartAsync() => Application.StartAsync(carillon =>
    {
        carillon
            .UsePostgres(PostgresPlace.ConnectionString)
            .RunDeliveriesByHand()
            .ConfigureEnvelopes(envelopes => envelopes.MaxPayloadBytes = 1_000)
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<OrderPlaced>(e => _ran.Enqueue(e.Number), options => (options.Delivery, options.Id, options.MaxAttempts) = (Delivery.Durable, "ship", 2))
            .Listen<NoteKept>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "keep"));
        carillon.Services.Configure<PostgresOptions>(options => options.Schema = _place.Schema);
    });

    private async Task StoreAsync(string eventName, string payload, string listener, int version = 1)
    {
        await using var insert = _place.Source.CreateCommand(_place.Fill(
            """
            INSERT INTO {schema}.deliveries (
                due_at, token, created_at, attempt, event_version, key_limit, state, priority, key_ordered, key_skips_failed, holds_unique, event_id, queue, listener, event_name, correlation, payload)
            VALUES (0, 0, 0, 0, $1, 0, 1, 0, false, false, false, gen_random_uuid(), 'default', $2, $3, 'test', $4)
            """));
        insert.Parameters.AddWithValue(version);
        insert.Parameters.AddWithValue(listener);
        insert.Parameters.AddWithValue(eventName);
        insert.Parameters.AddWithValue(NpgsqlDbType.Bytea, System.Text.Encoding.UTF8.GetBytes(payload));
        await insert.ExecuteNonQueryAsync(Cancel);
        await _place.ExecuteAsync("INSERT INTO {schema}.queues (name) VALUES ('default') ON CONFLICT DO NOTHING");
    }

    [Event("note.kept")]
    private sealed record NoteKept(string Text, double Weight);
}
