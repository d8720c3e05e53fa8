using Carillon.Postgres.Deliveries.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Ends receivers and subscriptions, and clears away after those that have crashed. Anybody may, at any time.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Upkeep(TransportCalls calls, Notices notices, TimeProvider time)
{
    private const string What = "clear away after receivers";
    private const int Chunk = 10_000;
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(10);

    private long _sweptAt = time.GetTimestamp();

    /// <summary>Gives what the receivers that are not heard of any more had to others, and removes the temporary subscriptions among theirs.</summary>
    internal async ValueTask TidyAsync(CancellationToken cancellationToken)
    {
        var (freed, ended) = await calls.RunAsync(
            What,
            () => [calls.Command(UpkeepSql.EndExpired), calls.Command(UpkeepSql.FreeOrphans), calls.Command(UpkeepSql.EndTemporary)],
            async reader =>
            {
                var freed = await ReadIdsAsync(reader).ConfigureAwait(false);
                await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
                return (freed, await ReadIdsAsync(reader).ConfigureAwait(false));
            },
            cancellationToken).ConfigureAwait(false);
        notices.Announce(freed.Distinct());
        if (ended.Count > 0)
        {
            await EmptyAsync(ended, cancellationToken).ConfigureAwait(false);
        }

        if (time.GetElapsedTime(_sweptAt) > BetweenSweeps)
        {
            _sweptAt = time.GetTimestamp();
            await SweepAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A receiver has stopped: what it has goes back. A temporary subscription goes with it.</summary>
    internal async ValueTask EndAsync(long subscription, Guid receiver, bool isTemporary)
    {
        await calls.RunAsync(
            "stop receiving",
            () => [calls.Command(UpkeepSql.FreeAll).With(receiver, NpgsqlDbType.Uuid), calls.Command(UpkeepSql.End).With(receiver, NpgsqlDbType.Uuid)],
            static _ => Task.FromResult(true),
            CancellationToken.None).ConfigureAwait(false);
        if (isTemporary)
        {
            await DeleteAsync(subscription, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            notices.Announce([subscription]);
        }
    }

    /// <returns>False if somebody receives from it, or it is gone.</returns>
    internal async ValueTask<bool> DeleteAsync(long subscription, CancellationToken cancellationToken)
    {
        var deleted = await calls.RunAsync(
            "delete a subscription",
            () => [calls.Command(UpkeepSql.Delete).With(subscription), calls.Command(UpkeepSql.DeleteDead).With(subscription)],
            ReadIdsAsync,
            cancellationToken).ConfigureAwait(false);
        if (deleted.Count > 0)
        {
            await EmptyAsync(deleted, cancellationToken).ConfigureAwait(false);
        }

        return deleted.Count > 0;
    }

    /// <summary>Rows whose subscription went while they were written, and events of which the last two were done with at the same moment.</summary>
    internal ValueTask<bool> SweepAsync(CancellationToken cancellationToken) => calls.RunAsync(
        What, () => [calls.Command(UpkeepSql.SweepQueue), calls.Command(UpkeepSql.SweepEvents)], static _ => Task.FromResult(true), cancellationToken);

    private async ValueTask EmptyAsync(List<long> subscriptions, CancellationToken cancellationToken)
    {
        var events = await calls.RunAsync(What, () => [calls.Command(UpkeepSql.EmptyQueues).With(subscriptions)], ReadIdsAsync, cancellationToken).ConfigureAwait(false);
        foreach (var some in events.Chunk(Chunk))
        {
            await calls.RunAsync(What, () => [calls.Command(SettleSql.Forget).With(some)], static _ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task<List<long>> ReadIdsAsync(NpgsqlDataReader reader) => StoreRunner.ReadAllAsync(reader, static row => row.GetInt64(0));
}
