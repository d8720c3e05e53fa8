using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Postgres.Deliveries.Internal;
using Npgsql;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>
/// The limit: the statements that the store sends, prepared, in the same batches, by two connections at once: one inserts a hundred in a transaction, one removes
/// what was committed. Nothing is serialized, nothing runs, nobody else waits.
/// </summary>
internal static class PostgresRaw
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryLease Lease = new("a process", Time.AddSeconds(30));

    /// <returns>How many a second were inserted and removed.</returns>
    internal static async Task<double> MeasureAsync(string server, int events)
    {
        await using var database = await PostgresDatabase.CreateAsync(server);
        await RunAsync(database, events / 5);
        var started = Stopwatch.GetTimestamp();
        await RunAsync(database, events);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>One event at a time, inserted alone and then given to somebody who waits for it; 200 a second.</summary>
    /// <returns>From the call to the one who waits, in milliseconds, of each.</returns>
    internal static async Task<double[]> LatenciesAsync(string server, int events)
    {
        await using var database = await PostgresDatabase.CreateAsync(server);
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var other = await database.Source.OpenConnectionAsync();
        var insert = new InsertCommand(database.Schema, isUnique: false);
        var remove = new RemoveCommand(database.Schema);
        var committed = Channel.CreateUnbounded<(NewDelivery Delivery, int Number)>();
        var arrived = new long[events];
        var called = new long[events];
        var handler = Task.Run(async () =>
        {
            await foreach (var (delivery, number) in committed.Reader.ReadAllAsync())
            {
                arrived[number] = Stopwatch.GetTimestamp();
                await RemoveAsync(other, remove, [delivery]);
            }
        });
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        for (var number = 0; number < events; number++)
        {
            await timer.WaitForNextTickAsync();
            var delivery = New(number);
            called[number] = Stopwatch.GetTimestamp();
            await InsertAsync(connection, null, insert, [delivery]);
            await committed.Writer.WriteAsync((delivery, number));
        }

        committed.Writer.Complete();
        await handler;
        return [.. called.Zip(arrived, static (from, to) => (to - from) * 1000.0 / Stopwatch.Frequency)];
    }

    private static async Task RunAsync(PostgresDatabase database, int events)
    {
        var committed = Channel.CreateBounded<List<NewDelivery>>(16);
        var removing = Task.Run(async () =>
        {
            await using var connection = await database.Source.OpenConnectionAsync();
            var remove = new RemoveCommand(database.Schema);
            await foreach (var deliveries in committed.Reader.ReadAllAsync())
            {
                await RemoveAsync(connection, remove, deliveries);
            }
        });
        await using var connection = await database.Source.OpenConnectionAsync();
        var insert = new InsertCommand(database.Schema, isUnique: false);
        for (var number = 0; number < events; number += PostgresRates.Batch)
        {
            var deliveries = Enumerable.Range(number, PostgresRates.Batch).Select(New).ToList();
            await using var transaction = await connection.BeginTransactionAsync();
            await InsertAsync(connection, transaction, insert, deliveries);
            await transaction.CommitAsync();
            await committed.Writer.WriteAsync(deliveries);
        }

        committed.Writer.Complete();
        await removing;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, InsertCommand insert, List<NewDelivery> deliveries)
    {
        deliveries.ForEach(insert.Add);
        await using (var ids = await Batches.ExecuteAsync(connection, transaction, [insert.Command], prepare: true))
        {
            foreach (var delivery in deliveries)
            {
                await ids.ReadAsync();
                delivery.Id = ids.GetInt64(0);
            }
        }

        insert.Clear();
    }

    private static async Task RemoveAsync(NpgsqlConnection connection, RemoveCommand remove, List<NewDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            remove.Add(new Settlement { Delivery = Taken(delivery), Outcome = DeliveryOutcome.Completed, At = Time });
        }

        await using (var removed = await Batches.ExecuteAsync(connection, null, [remove.Command], prepare: true))
        {
            while (await removed.ReadAsync())
            {
            }
        }

        remove.Clear();
    }

    private static NewDelivery New(int number) => new()
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
        Lease = Lease,
    };

    private static readonly byte[] Payload = Encoding.UTF8.GetBytes($$"""{"number":1000,"body":"{{Measured.Kibibyte}}"}""");

    private static LeasedDelivery Taken(NewDelivery delivery) => new()
    {
        Id = delivery.Id,
        Token = 1,
        Attempt = 1,
        ListenerId = delivery.ListenerId,
        Envelope = delivery.Envelope,
    };
}
