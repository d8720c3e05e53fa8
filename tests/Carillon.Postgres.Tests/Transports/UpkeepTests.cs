using Carillon.Postgres.Transports;
using Carillon.Testing;
using Carillon.Transports;
using Npgsql;

namespace Carillon.Postgres.Tests.Transports;

/// <summary>What is cleared away takes as long as it takes; nobody's lease hangs on it.</summary>
public sealed class UpkeepTests : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private readonly PostgresTransports _transports = new();
    private readonly SimulatedTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresPlace Place => _transports.Place;

    public ValueTask DisposeAsync() => _transports.DisposeAsync();

    [Fact]
    public async Task A_receiver_tells_of_itself_while_something_is_cleared_away()
    {
        await using var transport = await OpenAsync();
        var subscription = await transport.SubscribeAsync(TransportFaultTests.Wanted("all", 1), static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await using (var connection = await Place.Source.OpenConnectionAsync(Cancel))
        {
            await using var held = await connection.BeginTransactionAsync(Cancel);
            await using var hold = new NpgsqlCommand(Place.Fill("LOCK TABLE {schema}.transport_events IN SHARE MODE"), connection, held);
            await hold.ExecuteNonQueryAsync(Cancel);

            // Behind this the events are looked through, which has to wait for the lock.
            await BeatAsync();
            await TransportFaultTests.UntilAsync(async () => await Place.ReadAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = '{schema}.transport_events'::regclass)"));
            await BeatAsync();
            await BeatAsync();
        }

        await subscription.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_receiver_keeps_what_it_has_though_nothing_can_be_cleared_away()
    {
        await using var transport = await OpenAsync();
        var handled = new TaskCompletionSource<CancellationToken>();
        var hold = new TaskCompletionSource();
        var subscription = await transport.SubscribeAsync(TransportFaultTests.Wanted("all", 1), async (_, lost) =>
        {
            handled.TrySetResult(lost);
            await hold.Task;
            return ReceiveOutcome.Acknowledged;
        }, Cancel);
        await transport.PublishAsync(TransportFaultTests.Outgoing("one"), Cancel);
        var lost = await handled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await Place.ExecuteAsync("ALTER TABLE {schema}.transport_queue RENAME COLUMN receiver TO another");

        // Longer than a lease.
        for (var beat = 0; beat < 5; beat++)
        {
            await BeatAsync();
        }

        lost.IsCancellationRequested.ShouldBeFalse();
        await Place.ExecuteAsync("ALTER TABLE {schema}.transport_queue RENAME COLUMN another TO receiver");
        hold.SetResult();
        await subscription.StopAsync(Cancel);
    }

    [Fact]
    public async Task Much_that_nobody_waits_for_any_more_is_cleared_away_piece_by_piece()
    {
        await using var transport = await OpenAsync();
        var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"] }, static (_, _) => new(ReceiveOutcome.RetryAfter(TimeSpan.FromHours(1), "later")), Cancel);
        await Place.ExecuteAsync(
            """
            WITH e AS (INSERT INTO {schema}.transport_events (name, headers, body) SELECT 'a', '[]', '' FROM generate_series(1, 7000) RETURNING id)
            INSERT INTO {schema}.transport_queue (event, subscription, state, due_at)
            SELECT e.id, s.id, CASE WHEN e.id % 2 = 0 THEN 2 ELSE 0 END, clock_timestamp() + interval '1 hour' FROM e, {schema}.transport_subscriptions s
            """);
        // Of a subscription that is gone, and of none.
        await Place.ExecuteAsync(
            """
            WITH e AS (INSERT INTO {schema}.transport_events (name, headers, body) SELECT 'a', '[]', '' FROM generate_series(1, 7000) RETURNING id)
            INSERT INTO {schema}.transport_queue (event, subscription, state, due_at)
            SELECT e.id, -(e.id % 3) - 1, CASE WHEN e.id % 2 = 0 THEN 2 ELSE 0 END, clock_timestamp() + interval '1 hour' FROM e WHERE e.id % 10 <> 0
            """);

        await subscription.StopAsync(Cancel);
        await transport.SweepAsync(Cancel);

        (await Place.ReadAsync<string>("SELECT format('%s events, %s queued', (SELECT count(*) FROM {schema}.transport_events), (SELECT count(*) FROM {schema}.transport_queue))"))
            .ShouldBe("0 events, 0 queued");
    }

    /// <summary>Time passes until a receiver has told of itself once more.</summary>
    private async Task BeatAsync()
    {
        const string until = "SELECT max(lease_until) FROM {schema}.transport_receivers";
        var before = await Place.ReadAsync<DateTime>(until);
        await TransportFaultTests.UntilAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return await Place.ReadAsync<DateTime>(until) > before;
        });
    }

    private async ValueTask<PostgresTransport> OpenAsync()
    {
        var transport = new PostgresTransport(new PostgresTransportOptions { ConnectionString = PostgresPlace.ConnectionString, Schema = Place.Schema, ReceiverLease = Lease }, _time);
        await transport.PrepareAsync(Cancel);
        return transport;
    }
}
