using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>When a worker has to look again.</summary>
/// <remarks>
/// Leases that came and went stay in their index until vacuum has been, and as long as a snapshot is held; the search for the next end walks past them. Once it
/// is slow it is left out for ten times as long as it took, and whoever asks polls.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class NextDue(PostgresConnections connections, PostgresLocation location, TimeProvider time)
{
    private const int RestFactor = 10;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);

    private readonly string _sql = SchemaName.Fill(ReadSql.NextDue, location.Schema);
    private long _askedAt;
    private long _took;

    internal async ValueTask<DateTimeOffset?> GetAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        var took = TimeSpan.FromTicks(Volatile.Read(ref _took));
        if (took > Quick && time.GetElapsedTime(Volatile.Read(ref _askedAt)) < RestFactor * took)
        {
            return null;
        }

        const string what = "see when the next delivery is due";
        var session = await connections.RentAsync(what, cancellationToken).ConfigureAwait(false);
        try
        {
            var startedAt = time.GetTimestamp();
            var next = await ReadAsync(session, after).ConfigureAwait(false);
            Volatile.Write(ref _askedAt, time.GetTimestamp());
            Volatile.Write(ref _took, time.GetElapsedTime(startedAt).Ticks);
            return next;
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

    private async ValueTask<DateTimeOffset?> ReadAsync(PostgresSession session, DateTimeOffset after)
    {
        var reader = await session.ExecuteAsync([new NpgsqlBatchCommand(_sql).With(UnixTicks.From(after))]).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync().ConfigureAwait(false);
            return reader.IsDBNull(0) ? null : UnixTicks.ToTime(reader.GetInt64(0));
        }
    }
}
