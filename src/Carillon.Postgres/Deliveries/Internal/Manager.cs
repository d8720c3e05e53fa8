using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>What a person or the application changes: retries, gives up, cancels, moves, pauses.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Manager(StoreRunner runner, PostgresLocation location)
{
    private static readonly Func<NpgsqlDataReader, long> Id = static row => row.GetInt64(0);

    internal async ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? 0
            : (await ChangeAsync(
                "retry deliveries",
                ids,
                () =>
                [
                    New(ManageSql.WaitNoLonger),
                    New(SettleSql.FreeEnded).With(ids).With(Enumerable.Repeat(UnixTicks.From(now), ids.Count)),
                    New(ManageSql.Retry).With(ids).With(UnixTicks.From(now)),
                ],
                cancellationToken).ConfigureAwait(false))[1].Count;

    internal async ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? 0
            : (await ChangeAsync(
                "discard deliveries", ids, () => [GiveUp(ids, DeliveryState.Discarded, now, keepUntil)], now, cancellationToken).ConfigureAwait(false))[0].Count;

    internal async ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var changed = await ChangeAsync(
            "cancel deliveries",
            ids,
            () => [GiveUp(ids, DeliveryState.Cancelled, now, keepUntil), New(ManageSql.RequestCancel).With(ids)],
            now,
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. ids.Select(id =>
                // Taken out: a second time it is too late.
                changed[0].Remove(id) ? CancelResult.Cancelled : changed[1].Contains(id) ? CancelResult.Requested : CancelResult.TooLate),
        ];
    }

    internal async ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ChangeAsync(
            "move the time of a delivery",
            [id],
            () => [New(ManageSql.Reschedule).With([id]).With(UnixTicks.From(dueAt)).With(UnixTicks.From(now))],
            now,
            cancellationToken).ConfigureAwait(false))[0].Count > 0;

    internal async ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) =>
        await runner.RunAsync(
            $"pause the queue '{queue}'",
            () =>
            [
                New(ClaimSql.LockQueue).With(Claimer.QueueLock(location, queue)),
                New(ManageSql.Pause).With(queue).With(UnixTicks.From(now)),
            ],
            static async reader => await reader.NextResultAsync().ConfigureAwait(false) && await reader.ReadAsync().ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);

    internal async ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) =>
        (await runner.ListAsync($"resume the queue '{queue}'", () => New(ManageSql.Resume).With(queue), static row => row.GetString(0), cancellationToken)
            .ConfigureAwait(false)).Count > 0;

    private NpgsqlBatchCommand New(string sql) => StoreCommand.Create(sql, runner.Schema);

    private NpgsqlBatchCommand GiveUp(IEnumerable<long> ids, DeliveryState state, DateTimeOffset now, DateTimeOffset? keepUntil) =>
        New(ManageSql.GiveUp).With(ids).With((short)state, NpgsqlDbType.Smallint).With(UnixTicks.From(now)).With(UnixTicks.From(keepUntil));

    /// <summary>Changes rows, which are locked first, in the order of ids.</summary>
    /// <returns>For each statement the ids of those that it has changed.</returns>
    private ValueTask<List<HashSet<long>>> ChangeAsync(
        string what, IReadOnlyList<long> ids, Func<NpgsqlBatchCommand[]> change, CancellationToken cancellationToken) =>
        ChangeAsync(what, ids, change, [], default, cancellationToken);

    /// <summary>The same; then those of the same keys whose turn it is become ready.</summary>
    private async ValueTask<List<HashSet<long>>> ChangeAsync(
        string what, IReadOnlyList<long> ids, Func<NpgsqlBatchCommand[]> change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A delivery never changes its key, so this may be asked before anything is locked.
        var keys = await runner.ListAsync(
            what, () => New(ManageSql.ReadKeys).With(ids), static row => new KeyName(row.GetInt64(2), row.GetString(0), row.GetString(1)), cancellationToken)
            .ConfigureAwait(false);
        return await ChangeAsync(what, ids, change, keys, now, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<List<HashSet<long>>> ChangeAsync(
        string what, IReadOnlyList<long> ids, Func<NpgsqlBatchCommand[]> change, List<KeyName> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = 0;
        return runner.RunAsync(
            what,
            () =>
            {
                var commands = new List<NpgsqlBatchCommand>();
                new KeyLocks(runner.Schema).AddTo(commands, keys);
                commands.Add(New(ManageSql.LockRows).With(ids));
                before = commands.Count;
                var passOn = new PassOnCommand(runner.Schema);
                passOn.Fill(keys, now);
                commands.AddRange(change());
                if (keys.Count > 0)
                {
                    commands.Add(passOn.Command);
                }

                return commands;
            },
            async reader =>
            {
                for (var i = 0; i < before; i++)
                {
                    await reader.NextResultAsync().ConfigureAwait(false);
                }

                var changed = new List<HashSet<long>>();
                do
                {
                    changed.Add([.. await StoreRunner.ReadAllAsync(reader, Id).ConfigureAwait(false)]);
                }
                while (await reader.NextResultAsync().ConfigureAwait(false));

                return changed;
            },
            cancellationToken);
    }
}
