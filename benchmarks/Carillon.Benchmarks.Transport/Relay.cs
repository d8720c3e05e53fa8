using System.Diagnostics;
using Carillon.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;

namespace Carillon.Benchmarks.Transport;

/// <summary>What lies in an outbox of PostgreSQL leaves by the broker: by the worker of an application, and by hand.</summary>
internal sealed class Relay(string database, Place place, int window)
{
    private const int Batch = 100;
    private const int Connections = 4;

    private string Schema => place.Exchange.Replace('-', '_');

    /// <summary>Events that an application has committed, published by its worker, each confirmed and its row removed.</summary>
    internal async Task<double> OursAsync(int events)
    {
        await place.DeclareAsync();
        await using var source = NpgsqlDataSource.Create(database);
        using (var writing = Build(works: false))
        {
            await writing.StartAsync();
            await using var scope = writing.Services.CreateAsyncScope();
            for (var number = 0; number < events; number += Batch)
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var work = await scope.ServiceProvider.GetRequiredService<Transactions.IUnitOfWorkFactory>().BeginAsync(connection);
                for (var each = number; each < number + Batch; each++)
                {
                    await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Measured(each, Measured.Kibibyte));
                }

                await work.CommitAsync();
            }

            await writing.StopAsync();
        }

        // An application starts once: what it has relayed until it has started does not count, nor does the time.
        using var host = Build(works: true);
        await host.StartAsync();
        await using var count = source.CreateCommand($"SELECT count(*) FROM {Schema}.deliveries");
        var left = (long)(await count.ExecuteScalarAsync())!;
        var started = Stopwatch.GetTimestamp();
        await using var any = source.CreateCommand(
            $"SELECT EXISTS (SELECT FROM {Schema}.deliveries WHERE state < 2) OR EXISTS (SELECT FROM {Schema}.deliveries WHERE state = 2) OR EXISTS (SELECT FROM {Schema}.deliveries WHERE state > 2)");
        while ((bool)(await any.ExecuteScalarAsync())!)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        var rate = left / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await host.StopAsync();
        return rate;
    }

    /// <summary>Statements and publishing side by side: four connections each take a hundred rows in a transaction, publish them, wait for the confirmations and commit.</summary>
    internal async Task<double> RawAsync(int events)
    {
        await place.DeclareAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await ExecuteAsync(source, $"CREATE TABLE {Schema}_outbox (id bigint PRIMARY KEY, payload bytea NOT NULL)");
        await using (var copy = source.CreateCommand($"INSERT INTO {Schema}_outbox SELECT n, convert_to('{{\"number\":' || n || ',\"body\":\"' || repeat('x', 1000) || '\"}}', 'UTF8') FROM generate_series(0, {events - 1}) n"))
        {
            await copy.ExecuteNonQueryAsync();
        }

        await ExecuteAsync(source, $"ANALYZE {Schema}_outbox");
        await using var connection = await place.ConnectAsync();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => DrainAsync(source, connection))));
        var rate = events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await ExecuteAsync(source, $"DROP TABLE {Schema}_outbox");
        return rate;
    }

    private async Task DrainAsync(NpgsqlDataSource source, IConnection connection)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));
        using var room = new SemaphoreSlim(window);
        ulong confirmed = 0;
        channel.BasicAcksAsync += (_, ack) =>
        {
            var count = ack.Multiple ? ack.DeliveryTag - confirmed : 1;
            confirmed = ack.Multiple ? ack.DeliveryTag : confirmed + 1;
            room.Release((int)count);
            return Task.CompletedTask;
        };
        var properties = Raw.Properties();
        await using var session = await source.OpenConnectionAsync();
        await using var take = new NpgsqlCommand(
            $"DELETE FROM {Schema}_outbox WHERE id = ANY(ARRAY(SELECT id FROM {Schema}_outbox ORDER BY id LIMIT {Batch} FOR UPDATE SKIP LOCKED)) RETURNING payload", session);
        await take.PrepareAsync();
        while (true)
        {
            await using var transaction = await session.BeginTransactionAsync();
            var taken = 0;
            await using (var reader = await take.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                {
                    await room.WaitAsync();
                    await channel.BasicPublishAsync(place.Exchange, Measured.Name, mandatory: true, properties, reader.GetFieldValue<byte[]>(0));
                    taken++;
                }
            }

            for (var left = 0; left < window; left++)
            {
                await room.WaitAsync();
            }

            room.Release(window);
            await transaction.CommitAsync();
            if (taken == 0)
            {
                return;
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private IHost Build(bool works)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon
            .AddEvent<Measured>()
            .ConfigureWorker(worker => (worker.Enabled, worker.BatchSize) = (works, window))
            .ConfigureQueue("carillon.publish", queue => queue.MaxConcurrency = window)
            .UsePostgres(options =>
            {
                options.ConnectionString = database;
                options.Schema = Schema;
            })
            .UseRabbitMq(options =>
            {
                options.Connection.Address = place.Address;
                options.Exchange = place.Exchange;
                options.QueueKind = place.Kind;
                options.MaxUnconfirmed = window;
            }));
        return builder.Build();
    }
}
