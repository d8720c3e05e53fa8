using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Writes any deliveries, unique ones too.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Inserter(PostgresConnections connections, PostgresLocation location)
{
    // So long a transaction of the application's is kept waiting for a worker that settles or leases just now.
    private const string WaitForWorkers = "1s";

    private readonly KeyLockRoom _lockRoom = new();
    private readonly bool _prepares = connections.Prepares;
    private readonly string _insertOne = SchemaName.Fill(InsertSql.InsertOne, location.Schema);

    /// <summary>Writes them in a transaction that somebody else ends: one round trip, however many they are.</summary>
    /// <exception cref="DeliveryStoreException">They were not written.</exception>
    internal ValueTask InsertAsync(NpgsqlTransaction transaction, IReadOnlyList<NewDelivery> deliveries) =>
        InsertAsync(transaction.Connection!, transaction, deliveries, "the application's transaction");

    /// <summary>The same, on a connection whose transaction is that of a scope around the caller.</summary>
    /// <exception cref="DeliveryStoreException">They were not written.</exception>
    internal ValueTask InsertEnlistedAsync(NpgsqlConnection connection, IReadOnlyList<NewDelivery> deliveries) =>
        InsertAsync(connection, transaction: null, deliveries, "the ambient transaction");

    /// <summary>Writes them in the application's transaction and commits it: one round trip, unless some are unique.</summary>
    /// <exception cref="DeliveryStoreException">They were not written, and nothing is committed. What the commit itself fails with is thrown as it is.</exception>
    internal async ValueTask CommitAsync(NpgsqlTransaction transaction, IReadOnlyList<NewDelivery> deliveries)
    {
        if (deliveries.Any(static delivery => delivery.Unique is not null))
        {
            // What comes of these has to be seen before the commit: some may have to be written again.
            var (first, last) = InsertInTurn.Divide(deliveries);
            await InsertAsync(transaction, first).ConfigureAwait(false);
            if (last.Count == 0)
            {
                await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }

            deliveries = last;
        }

        // The driver's transaction sees by the server's answer that it has ended.
        var inTurn = InsertInTurn.Count(deliveries);
        var keys = _lockRoom.Take(inTurn);
        var (insert, read) = inTurn == 0 ? CreateInsert(deliveries) : CreateInsertInTurn(deliveries, keys);
        var (wasSent, isWritten) = (false, false);
        try
        {
            var batch = await Batches.CreateAsync(transaction.Connection!, transaction, [.. insert, new NpgsqlBatchCommand("COMMIT")], _prepares).ConfigureAwait(false);
            wasSent = true;
            var reader = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await read(reader).ConfigureAwait(false);
                isWritten = true;
                await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        // The server leaves out the commit behind a statement that it has refused. If it has not answered at all, only the driver's word can be passed on.
        catch (Exception exception) when (PostgresFault.IsFault(exception) && (!wasSent || (!isWritten && exception is PostgresException)))
        {
            throw PostgresFault.Explain($"{DeliveryWords.Write(deliveries)} in the application's transaction", location, exception, wasSent: false);
        }
        finally
        {
            _lockRoom.GiveBack(keys);
        }
    }

    /// <summary>Writes them in a transaction of their own, which may wait for others that have the same unique keys.</summary>
    /// <exception cref="DeliveryStoreException">They were not written.</exception>
    internal async ValueTask InsertAloneAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        var what = DeliveryWords.Write(deliveries);
        var connection = await connections.OpenAsync(what, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await CommitAsync(connection, deliveries).ConfigureAwait(false);
                    return;
                }
                catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
                {
                }
                catch (Exception exception) when (PostgresFault.IsFault(exception))
                {
                    throw PostgresFault.Explain(what, location, exception, wasSent: true);
                }
            }
        }
    }

    /// <summary>The statements that write deliveries of which none is unique, and what reads their ids.</summary>
    private (IReadOnlyList<NpgsqlBatchCommand> Commands, Func<NpgsqlDataReader, ValueTask> Read) CreateInsert(IReadOnlyList<NewDelivery> deliveries)
    {
        if (InsertOneCommand.Fits(deliveries))
        {
            return ([InsertOneCommand.Create(_insertOne, deliveries[0])], reader => InsertOneCommand.ReadAsync(reader, deliveries[0]));
        }

        var batch = new InsertBatch(location.Schema, deliveries, freed: []);
        return (batch.Commands, async reader => await batch.ReadAsync(reader).ConfigureAwait(false));
    }

    private (IReadOnlyList<NpgsqlBatchCommand> Commands, Func<NpgsqlDataReader, ValueTask> Read) CreateInsertInTurn(IReadOnlyList<NewDelivery> deliveries, int maxKeys)
    {
        var insert = new InsertInTurn(location.Schema, deliveries, maxKeys);
        return (insert.Commands, insert.ReadAsync);
    }

    private async ValueTask InsertAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<NewDelivery> deliveries, string where)
    {
        try
        {
            await InsertAllAsync(connection, transaction, deliveries).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain($"{DeliveryWords.Write(deliveries)} in {where}", location, exception, wasSent: false);
        }
    }

    private async Task CommitAsync(NpgsqlConnection connection, IReadOnlyList<NewDelivery> deliveries)
    {
        var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await InsertAllAsync(connection, transaction, deliveries).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask InsertAllAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<NewDelivery> deliveries)
    {
        if (InsertOneCommand.Fits(deliveries))
        {
            await InsertOneAsync(connection, transaction, deliveries[0]).ConfigureAwait(false);
            return;
        }

        var (asked, freed) = (new HashSet<long>(), new HashSet<long>());
        var waiting = deliveries;
        do
        {
            // The first one was there when this one came, and is gone by now, or is about to be freed: nothing keeps it out any more.
            var batch = new InsertBatch(location.Schema, waiting, freed);
            waiting = await InsertOnceAsync(connection, transaction, batch).ConfigureAwait(false);

            // Those that are still there when they were freed are this transaction's own.
            freed.UnionWith(batch.Ended.Where(id => !asked.Add(id)));
            await FreeLeasedAsync(batch.Ended.Except(freed).ToList()).ConfigureAwait(false);
        }
        while (waiting.Count > 0);
    }

    /// <summary>On another connection: the application's transaction would keep whoever has leased them from settling them, and the period is over whether or not it commits.</summary>
    private async ValueTask FreeLeasedAsync(List<long> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        var session = await connections.RentAsync("free unique keys", CancellationToken.None).ConfigureAwait(false);
        try
        {
            var free = StoreCommand.Create(UniqueSql.FreeLeased, location.Schema).With(ids);
            await (await session.ExecuteAsync([new NpgsqlBatchCommand(SeenSql.WaitNoLonger).With(WaitForWorkers), free]).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Whoever has them locked has changed them, or is this transaction; either is seen by the next try.
        }
        finally
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    private async ValueTask InsertOneAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, NewDelivery delivery)
    {
        var reader = await Batches.ExecuteAsync(connection, transaction, [InsertOneCommand.Create(_insertOne, delivery)], _prepares).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await InsertOneCommand.ReadAsync(reader, delivery).ConfigureAwait(false);
        }
    }

    private async ValueTask<IReadOnlyList<NewDelivery>> InsertOnceAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, InsertBatch batch)
    {
        var reader = await Batches.ExecuteAsync(connection, transaction, batch.Commands, _prepares).ConfigureAwait(false);
        IReadOnlyList<NewDelivery> waiting;
        await using (reader.ConfigureAwait(false))
        {
            waiting = await batch.ReadAsync(reader).ConfigureAwait(false);
        }

        if (batch.TakeBack is { } takeBack)
        {
            await (await Batches.ExecuteAsync(connection, transaction, [takeBack], prepare: false).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }

        return waiting;
    }
}
