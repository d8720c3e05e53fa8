using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>When a worker has to look again.</summary>
/// <remarks>
/// Leases that came and went stay in their index until vacuum has been, and as long as a snapshot is held; the search for the next end walks past them. Once they are
/// very many it is left out for ten times as long as it took, and whoever asks polls.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class NextDue(PostgresConnections connections, PostgresLocation location, TimeProvider time)
{
    private const int RestFactor = 10;

    private readonly string _sql = SchemaName.Fill(ReadSql.NextDue, location.Schema);
    private readonly string _countSql = SchemaName.Fill(ReadSql.CountRead, location.Schema);
    private readonly Lock _gate = new();
    private long _read;
    private long _askedAt;
    private TimeSpan _took;

    /// <returns>Null too if it would take too long to find out.</returns>
    internal async ValueTask<DateTimeOffset?> GetAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_read >= ClaimCourse.Many && time.GetElapsedTime(_askedAt) < RestFactor * _took)
            {
                return null;
            }
        }

        const string what = "see when the next delivery is due";
        var session = await connections.RentAsync(what, cancellationToken).ConfigureAwait(false);
        try
        {
            var startedAt = time.GetTimestamp();
            var (due, read) = await ReadAsync(session, after).ConfigureAwait(false);
            lock (_gate)
            {
                (_read, _askedAt) = (read, time.GetTimestamp());
                _took = time.GetElapsedTime(startedAt, _askedAt);
            }

            return due;
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(what, location, exception, wasSent: false);
        }
        finally
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    private async ValueTask<(DateTimeOffset? Due, long Read)> ReadAsync(PostgresSession session, DateTimeOffset after)
    {
        var reader = await session.ExecuteAsync(
            [new NpgsqlBatchCommand(_countSql), new NpgsqlBatchCommand(_sql).With(UnixTicks.From(after)), new NpgsqlBatchCommand(_countSql)]).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync().ConfigureAwait(false);
            var before = reader.GetInt64(0);
            await reader.NextResultAsync().ConfigureAwait(false);
            await reader.ReadAsync().ConfigureAwait(false);
            var due = reader.IsDBNull(0) ? (DateTimeOffset?)null : UnixTicks.ToTime(reader.GetInt64(0));
            await reader.NextResultAsync().ConfigureAwait(false);
            await reader.ReadAsync().ConfigureAwait(false);
            return (due, reader.GetInt64(0) - before);
        }
    }
}
