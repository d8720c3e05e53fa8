using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports.Internal;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Ends receivers and subscriptions, and clears away after those that have crashed. Anybody may, at any time.</summary>
/// <remarks>
/// It looks after them as long as somebody receives, in a loop of its own: it may take long, and nobody's lease is to hang on it. What is much is done piece by piece, each a
/// transaction, so that those that wait to be given back are never behind all of it.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
#pragma warning disable CA1001 // Without a timer there is nothing to dispose of.
internal sealed class Upkeep(TransportCalls calls, Notices notices, string description, TimeSpan lease, TimeProvider time, ILogger logger)
#pragma warning restore CA1001
{
    private const string What = "clear away after receivers";
    private const int Piece = 2_000;

    // So many pieces before it looks again for what is to be given back.
    private const int PiecesAtOnce = 50;

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Signal _wanted = new();

    // Under _gate.
    private int _receivers;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    // The loop's own.
    private readonly Queue<long> _ended = new();
    private long _sweptAt = time.GetTimestamp();
    private long? _sweptUpTo;

    /// <summary>Somebody receives from now on.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            if (_receivers++ == 0)
            {
                var (last, stop) = (_running, _stop = new CancellationTokenSource());
                _running = Task.Run(() => RunAsync(last, stop.Token), CancellationToken.None);
            }
        }
    }

    /// <summary>Somebody receives no more. What is being cleared away is not waited for: it may take long, and is left to others.</summary>
    internal void End()
    {
        CancellationTokenSource? stop;
        lock (_gate)
        {
            stop = --_receivers == 0 ? _stop : null;
        }

        stop?.Cancel();
    }

    /// <summary>Somebody may have crashed: to look now, and not when it is time.</summary>
    internal void Look() => _wanted.Set();

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
            () =>
            [
                calls.Command(UpkeepSql.Delete).With(subscription),
                calls.Command(UpkeepSql.DeleteDead).With(subscription),
                // Of receivers that have crashed; what they had is to go as well.
                calls.Command(UpkeepSql.EndExpired),
                calls.Command(UpkeepSql.FreeOrphans),
            ],
            ReadIdsAsync,
            cancellationToken).ConfigureAwait(false);
        foreach (var each in deleted)
        {
            while (await EmptySomeAsync(each, cancellationToken).ConfigureAwait(false))
            {
            }
        }

        return deleted.Count > 0;
    }

    /// <summary>Rows whose subscription went while they were written, and events of which the last two were done with at the same moment.</summary>
    internal async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var each in await ListAsync(UpkeepSql.FindGone, cancellationToken).ConfigureAwait(false))
        {
            while (await EmptySomeAsync(each, cancellationToken).ConfigureAwait(false))
            {
            }
        }

        for (long? last = 0; last is { } from;)
        {
            last = await SweepSomeAsync(from, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Task last, CancellationToken stop)
    {
        // What is the loop's own is so one after the other.
        await last.ConfigureAwait(false);
        var fails = false;
        do
        {
            try
            {
                var isDone = await LookAsync(stop).ConfigureAwait(false);
                fails = false;
                if (!isDone)
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // If it ended because of something that nobody had thought of, nothing of those that have crashed would be given back any more.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!fails && !stop.IsCancellationRequested)
                {
                    // Not again while it lasts.
                    Log.NotCleared(logger, description, lease / 3, exception);
                }

                fails = true;
            }

            await WaitAsync(stop).ConfigureAwait(false);
        }
        while (!stop.IsCancellationRequested);
    }

    /// <returns>False if there is more to be done at once.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
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
        ended.ForEach(_ended.Enqueue);
        if (_sweptUpTo is null && time.GetElapsedTime(_sweptAt) > BetweenSweeps)
        {
            (await ListAsync(UpkeepSql.FindGone, cancellationToken).ConfigureAwait(false)).ForEach(_ended.Enqueue);
            _sweptUpTo = 0;
        }

        var pieces = 0;
        for (; pieces < PiecesAtOnce && _ended.TryPeek(out var next); pieces++)
        {
            if (!await EmptySomeAsync(next, cancellationToken).ConfigureAwait(false))
            {
                _ended.Dequeue();
            }
        }

        // Nobody is in need of this: the rest of it waits for the next time.
        for (; pieces < PiecesAtOnce && _sweptUpTo is { } from; pieces++)
        {
            _sweptUpTo = await SweepSomeAsync(from, cancellationToken).ConfigureAwait(false);
            _sweptAt = time.GetTimestamp();
        }

        return _ended.Count == 0;
    }

    /// <returns>False if there was not more.</returns>
    private async ValueTask<bool> EmptySomeAsync(long subscription, CancellationToken cancellationToken)
    {
        var events = await calls.ListAsync(
            What, () => calls.Command(UpkeepSql.EmptyQueue).With(subscription).With((long)Piece), static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
        if (events.Count > 0)
        {
            await calls.RunAsync(What, () => [calls.Command(SettleSql.Forget).With(events)], static _ => Task.FromResult(true), CancellationToken.None).ConfigureAwait(false);
        }

        return events.Count > 0;
    }

    /// <returns>Up to which event it came; null if that was the last.</returns>
    private async ValueTask<long?> SweepSomeAsync(long from, CancellationToken cancellationToken)
    {
        var seen = await calls.ListAsync(
            What, () => calls.Command(UpkeepSql.SweepEvents).With(from).With((long)Piece), static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), cancellationToken).ConfigureAwait(false);
        return seen[0];
    }

    private ValueTask<List<long>> ListAsync(string sql, CancellationToken cancellationToken) => calls.ListAsync(What, () => calls.Command(sql), static row => row.GetInt64(0), cancellationToken);

    private async Task WaitAsync(CancellationToken stop)
    {
        using var timer = time.CreateTimer(static state => ((Signal)state!).Set(), _wanted, lease / 3, Timeout.InfiniteTimeSpan);
        await _wanted.WaitAsync(stop).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task<List<long>> ReadIdsAsync(NpgsqlDataReader reader) => StoreRunner.ReadAllAsync(reader, static row => row.GetInt64(0));
}
