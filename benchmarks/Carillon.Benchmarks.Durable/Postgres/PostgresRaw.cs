using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Postgres;
using Carillon.Postgres.Deliveries.Internal;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>
/// The limit: the statements that the store sends, prepared, in the same batches, by a connection each at the same time: one inserts a hundred, one leases a hundred,
/// one removes what was leased. Nothing is serialized, nothing runs, nobody else waits.
/// </summary>
internal sealed class PostgresRaw : IAsyncDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryLease Lease = new("a process", Time.AddSeconds(30));
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes($$"""{"number":1000,"body":"{{Measured.Kibibyte}}"}""");

    private readonly PostgresDatabase _database;
    private readonly PostgresConnections _connections;

    private PostgresRaw(PostgresDatabase database)
    {
        _database = database;
        var options = new PostgresOptions { ConnectionString = database.ConnectionString, Schema = database.Schema };
        _connections = new PostgresConnections(options, PostgresLocation.Of(options), TimeProvider.System);
    }

    /// <param name="server">The server.</param>
    /// <param name="events">How many.</param>
    /// <param name="leases">Whether they are leased from the table, or written as leased for who has written them.</param>
    /// <returns>How many a second were inserted and removed.</returns>
    internal static async Task<double> MeasureAsync(string server, int events, bool leases)
    {
        await using var raw = new PostgresRaw(await PostgresDatabase.CreateAsync(server));
        await raw.RunAsync(events / 5, leases);
        var started = Stopwatch.GetTimestamp();
        await raw.RunAsync(events, leases);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>One event at a time, inserted alone and then given to somebody who waits for it; 200 a second.</summary>
    /// <returns>From the call to the one who waits, in milliseconds, of each.</returns>
    internal static async Task<double[]> LatenciesAsync(string server, int events)
    {
        await using var raw = new PostgresRaw(await PostgresDatabase.CreateAsync(server));
        var arrived = new long[events];
        var called = new long[events];
        var committed = Channel.CreateUnbounded<(NewDelivery Delivery, int Number)>();
        var handler = Task.Run(async () =>
        {
            var session = await raw._connections.RentAsync("remove", CancellationToken.None);
            await foreach (var (delivery, number) in committed.Reader.ReadAllAsync())
            {
                arrived[number] = Stopwatch.GetTimestamp();
                await RemoveAsync(session, [Taken(delivery)]);
            }

            await raw._connections.ReturnAsync(session);
        });
        var session = await raw._connections.RentAsync("insert", CancellationToken.None);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        for (var number = 0; number < events; number++)
        {
            await timer.WaitForNextTickAsync();
            var delivery = New(number, Lease);
            called[number] = Stopwatch.GetTimestamp();
            await InsertAsync(session, [delivery]);
            await committed.Writer.WriteAsync((delivery, number));
        }

        committed.Writer.Complete();
        await handler;
        await raw._connections.ReturnAsync(session);
        return [.. called.Zip(arrived, static (from, to) => (to - from) * 1000.0 / Stopwatch.Frequency)];
    }

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task RunAsync(int events, bool leases)
    {
        var leased = Channel.CreateBounded<IReadOnlyList<LeasedDelivery>>(4);
        await Task.WhenAll(
            Task.Run(() => InsertAllAsync(events, leases ? null : leased.Writer)),
            Task.Run(() => leases ? LeaseAllAsync(events, leased.Writer) : Task.CompletedTask),
            Task.Run(() => RemoveAllAsync(events, leased.Reader)));
    }

    private async Task InsertAllAsync(int events, ChannelWriter<IReadOnlyList<LeasedDelivery>>? handOver)
    {
        var session = await _connections.RentAsync("insert", CancellationToken.None);
        for (var number = 0; number < events; number += PostgresRates.Batch)
        {
            var deliveries = Enumerable.Range(number, PostgresRates.Batch).Select(number => New(number, handOver is null ? null : Lease)).ToList();
            await InsertAsync(session, deliveries);
            if (handOver is not null)
            {
                await handOver.WriteAsync(deliveries.ConvertAll(Taken));
            }
        }

        await _connections.ReturnAsync(session);
    }

    private async Task LeaseAllAsync(int events, ChannelWriter<IReadOnlyList<LeasedDelivery>> leased)
    {
        var session = await _connections.RentAsync("lease", CancellationToken.None);
        var request = new LeaseRequest(Lease, Time, PostgresRates.Batch);
        for (var count = 0; count < events;)
        {
            session.Claim.Fill(request, PostgresRates.Batch, queueLock: 1, ClaimMarks.None);
            await using var reader = await session.ExecuteAsync(session.Claim.Commands);
            var (rows, _) = await ClaimCommand.ReadAsync(reader, request.Queue);
            count += rows.Count;
            await leased.WriteAsync(rows.ConvertAll(row => row.Leased!));
        }

        await _connections.ReturnAsync(session);
    }

    private async Task RemoveAllAsync(int events, ChannelReader<IReadOnlyList<LeasedDelivery>> leased)
    {
        var session = await _connections.RentAsync("remove", CancellationToken.None);
        for (var count = 0; count < events;)
        {
            var deliveries = await leased.ReadAsync();
            await RemoveAsync(session, deliveries);
            count += deliveries.Count;
        }

        await _connections.ReturnAsync(session);
    }

    private static async Task InsertAsync(PostgresSession session, List<NewDelivery> deliveries)
    {
        deliveries.ForEach(session.Insert.Add);
        await using (var ids = await session.ExecuteAsync([session.Insert.Command]))
        {
            foreach (var delivery in deliveries)
            {
                await ids.ReadAsync();
                delivery.Id = ids.GetInt64(0);
            }
        }

        session.Insert.Clear();
    }

    private static async Task RemoveAsync(PostgresSession session, IReadOnlyList<LeasedDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            session.Remove.Add(new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Time });
        }

        await using (var removed = await session.ExecuteAsync([session.Remove.Command]))
        {
            while (await removed.ReadAsync())
            {
            }
        }

        session.Remove.Clear();
    }

    private static NewDelivery New(int number, DeliveryLease? lease) => new()
    {
        Envelope = new Envelope
        {
            Id = Guid.CreateVersion7(Time.AddMilliseconds(number)),
            EventName = "measured",
            Time = Time,
            CorrelationId = "00000000-0000-0000-0000-000000000000",
            Payload = Payload,
        },
        ListenerId = NothingToDo.Id,
        DueAt = Time,
        Lease = lease,
    };

    private static LeasedDelivery Taken(NewDelivery delivery) => new()
    {
        Id = delivery.Id,
        Token = 1,
        Attempt = 1,
        ListenerId = delivery.ListenerId,
        Envelope = delivery.Envelope,
    };
}
