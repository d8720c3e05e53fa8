using System.Text;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>What reads the tables and changes nothing.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Reader(StoreRunner runner)
{
    internal async ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await runner.ListAsync(
            "count deliveries",
            () => New(ReadSql.Count).With(UnixTicks.From(now)),
            static row => (State: (DeliveryState)row.GetInt32(0), Count: row.GetInt64(1)),
            cancellationToken).ConfigureAwait(false))
        .ToDictionary(row => row.State, row => row.Count);

    internal async ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await runner.ListAsync(
            "list queues",
            () => New(ReadSql.Queues).With(UnixTicks.From(now)).With((long)QueueSnapshot.MaxCounted),
            static row => new QueueSnapshot(
                StoredText.Read(row.GetString(0)), row.GetInt64(1), row.IsDBNull(2) ? 0 : row.GetInt64(2), GetTime(row, 3), GetTime(row, 4)),
            cancellationToken).ConfigureAwait(false);

    internal async ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken) =>
        await runner.ListAsync("see which queues are paused", () => New(ReadSql.Paused), static row => StoredText.Read(row.GetString(0)), cancellationToken).ConfigureAwait(false);

    internal async ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        await runner.ListAsync("list deliveries", () => List(query, now), static row => DeliveryRow.ReadSnapshot(row), cancellationToken).ConfigureAwait(false);

    internal async ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await runner.ListAsync(
            $"find delivery {id}", () => New(ReadSql.Find).With(UnixTicks.From(now)).With(id), static row => DeliveryRow.ReadDetails(row), cancellationToken)
            .ConfigureAwait(false))
        .SingleOrDefault();

    private static DateTimeOffset? GetTime(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : UnixTicks.ToTime(row.GetInt64(column));

    private NpgsqlBatchCommand New(string sql) => StoreCommand.Create(sql, runner.Schema);

    private NpgsqlBatchCommand List(DeliveryQuery query, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand().With(UnixTicks.From(now));
        var sql = new StringBuilder(SchemaName.Fill(ReadSql.Snapshot, runner.Schema)).Append(" WHERE true");
        DeliveryConditions.Append(sql, command, query);
        if (query.AfterId is { } last)
        {
            sql.Append(query.OldestFirst ? " AND id > " : " AND id < ").Append(DeliveryConditions.Place(command.With(last)));
        }

        sql.Append(query.OldestFirst ? " ORDER BY id LIMIT " : " ORDER BY id DESC LIMIT ").Append(DeliveryConditions.Place(command.With((long)query.PageSize)));
        command.CommandText = sql.ToString();
        return command;
    }
}
