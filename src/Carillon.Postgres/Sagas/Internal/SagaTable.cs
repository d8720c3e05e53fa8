using System.Text;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Sagas;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Sagas.Internal;

/// <summary>Sagas and their histories.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SagaTable(StoreRunner runner, PostgresLocation location, bool prepares)
{
    internal async ValueTask<FoundSaga?> FindAsync(NpgsqlTransaction? transaction, string saga, string key, string step, Guid eventId, CancellationToken cancellationToken)
    {
        var found = await RunAsync(
            transaction,
            $"read the saga '{saga}' '{key}'",
            () => New(SagaSql.Find).With(saga).With(key).With(step).With(eventId, NpgsqlDbType.Uuid),
            static row => new FoundSaga(Read(row), row.GetBoolean(11)),
            cancellationToken).ConfigureAwait(false);
        return found is [var one] ? one : null;
    }

    /// <returns>False if somebody else has saved it meanwhile.</returns>
    internal async ValueTask<bool> SaveAsync(NpgsqlTransaction? transaction, SagaInstance instance, SagaEntry entry, CancellationToken cancellationToken) =>
        (await RunAsync(
            transaction, $"save the saga '{instance.Saga}' '{instance.Key}'", () => Save(instance, entry), static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))
        .Count > 0;

    internal async ValueTask<IReadOnlyList<SagaInstance>> ListAsync(SagaQuery query, CancellationToken cancellationToken) =>
        await runner.ListAsync("list sagas", () => List(query), Read, cancellationToken).ConfigureAwait(false);

    internal async ValueTask<IReadOnlyList<SagaEntry>> ListEntriesAsync(string saga, string key, CancellationToken cancellationToken) =>
        await runner.ListAsync(
            "read the history of a saga",
            () => New(SagaSql.ListEntries).With(saga).With(key),
            static row => new SagaEntry(
                row.GetInt64(0), UnixTicks.ToTime(row.GetInt64(1)), StoredText.Read(row.GetString(2)), StoredText.Read(row.GetString(3)), row.GetGuid(4), (SagaStatus)row.GetInt16(5)),
            cancellationToken).ConfigureAwait(false);

    internal async ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga, CancellationToken cancellationToken) =>
        (await runner.ListAsync(
            "count sagas", () => New(SagaSql.Count).WithText(saga), static row => (Status: (SagaStatus)row.GetInt16(0), Count: row.GetInt64(1)), cancellationToken).ConfigureAwait(false))
        .ToDictionary(row => row.Status, row => row.Count);

    private NpgsqlBatchCommand Save(SagaInstance saga, SagaEntry entry)
    {
        var command = New(saga.Version == 1 ? SagaSql.Insert : SagaSql.Update)
            .With(saga.Saga)
            .With(saga.Key)
            .With((short)saga.Status, NpgsqlDbType.Smallint)
            .With(saga.Version)
            .With(saga.StateVersion, NpgsqlDbType.Integer)
            .With(saga.State.ToArray(), NpgsqlDbType.Bytea)
            .With(saga.Progress.ToArray(), NpgsqlDbType.Bytea)
            .WithText(saga.Reason)
            .With(UnixTicks.From(saga.StartedAt))
            .With(UnixTicks.From(saga.UpdatedAt))
            .With(saga.KeepUntil is { } until ? UnixTicks.From(until) : (long?)null);
        return command.With(UnixTicks.From(entry.At)).With(entry.Step).With(entry.EventName).With(entry.EventId, NpgsqlDbType.Uuid);
    }

    private NpgsqlBatchCommand List(SagaQuery query)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder(SchemaName.Fill(SagaSql.List, runner.Schema)).Append(" WHERE true");
        if (query.Saga is { } saga)
        {
            sql.Append(" AND saga = ").Append(DeliveryConditions.Place(command.With(saga)));
        }

        if (query.Key is { } key)
        {
            sql.Append(" AND key = ").Append(DeliveryConditions.Place(command.With(key)));
        }

        if (query.Status is { } status)
        {
            sql.Append(" AND status = ").Append(DeliveryConditions.Place(command.With((short)status, NpgsqlDbType.Smallint)));
        }

        if (query.UpdatedBefore is { } before)
        {
            sql.Append(" AND updated_at < ").Append(DeliveryConditions.Place(command.With(UnixTicks.From(before))));
        }

        if (query.After is { } after)
        {
            sql.Append(" AND (saga, key) > (").Append(DeliveryConditions.Place(command.With(after.Saga))).Append(", ");
            sql.Append(DeliveryConditions.Place(command.With(after.Key))).Append(')');
        }

        command.CommandText = sql.Append(" ORDER BY saga, key LIMIT ").Append(DeliveryConditions.Place(command.With((long)query.PageSize))).ToString();
        return command;
    }

    private async ValueTask<List<TRow>> RunAsync<TRow>(
        NpgsqlTransaction? transaction, string what, Func<NpgsqlBatchCommand> create, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellationToken)
    {
        if (transaction is null)
        {
            return await runner.ListAsync(what, create, read, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var reader = await Batches.ExecuteAsync(transaction.Connection!, transaction, [create()], prepares).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await StoreRunner.ReadAllAsync(reader, read).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(what, location, exception, wasSent: false);
        }
    }

    private static SagaInstance Read(NpgsqlDataReader row) => new()
    {
        Saga = StoredText.Read(row.GetString(0)),
        Key = StoredText.Read(row.GetString(1)),
        Status = (SagaStatus)row.GetInt16(2),
        Version = row.GetInt64(3),
        StateVersion = row.GetInt32(4),
        State = row.GetFieldValue<byte[]>(5),
        Progress = row.GetFieldValue<byte[]>(6),
        Reason = row.IsDBNull(7) ? null : StoredText.Read(row.GetString(7)),
        StartedAt = UnixTicks.ToTime(row.GetInt64(8)),
        UpdatedAt = UnixTicks.ToTime(row.GetInt64(9)),
        KeepUntil = row.IsDBNull(10) ? null : UnixTicks.ToTime(row.GetInt64(10)),
    };

    private NpgsqlBatchCommand New(string sql) => StoreCommand.Create(sql, runner.Schema);
}
