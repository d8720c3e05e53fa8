using Carillon.Deliveries;
using Carillon.Postgres.Sagas.Internal;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Looks again at what was put aside, and removes what was kept long enough.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Cleaner(StoreRunner runner)
{
    /// <summary>What is much is removed in pieces of this size, each a transaction.</summary>
    private const int PieceSize = 1_000;

    /// <summary>So few that each has a lock of its own, and nobody waits for all of them.</summary>
    private const int KeysAtOnce = 100;

    /// <returns>How many became ready.</returns>
    internal async ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var now = UnixTicks.From(request.Now);
        var ready = await UnparkAsync(request.Known, now, cancellationToken).ConfigureAwait(false);
        await RemoveAsync("remove deliveries that were kept long enough", ManageSql.RemoveKept, now, cancellationToken).ConfigureAwait(false);
        await RemoveAsync("forget messages that were seen", ManageSql.RemoveSeen, now, cancellationToken).ConfigureAwait(false);
        await RemoveAsync("remove sagas that were kept long enough", SagaSql.RemoveKept, now, cancellationToken).ConfigureAwait(false);
        await PassOnAsync(request.Now, cancellationToken).ConfigureAwait(false);
        return ready;
    }

    private async ValueTask<int> UnparkAsync(KnownNames known, long now, CancellationToken cancellationToken)
    {
        const string what = "make parked deliveries ready";
        var parked = await runner.ListAsync(
            what, () => New(ManageSql.ReadParkedNames), static row => (EventName: row.GetString(0), Listener: row.GetString(1)), cancellationToken).ConfigureAwait(false);
        var names = parked
            .Where(name => known.EventNames.Contains(StoredText.Read(name.EventName)) && known.ListenerIds.Contains(StoredText.Read(name.Listener)))
            .ToList();
        return names.Count == 0
            ? 0
            : (await runner.ListAsync(
                what,
                () => New(ManageSql.Unpark).With(names.Select(name => name.EventName)).With(names.Select(name => name.Listener)).With(now),
                static row => row.GetInt64(0),
                cancellationToken).ConfigureAwait(false)).Count;
    }

    private async ValueTask RemoveAsync(string what, string sql, long now, CancellationToken cancellationToken)
    {
        while ((await runner.ListAsync(what, () => New(sql).With(now).With(PieceSize), static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false)).Count
            == PieceSize)
        {
        }
    }

    /// <summary>
    /// Those that are parked behind others of their key and that nothing blocks: one that had failed was kept long enough and is gone, one was removed by hand, a transaction
    /// that would have made one ready was rolled back.
    /// </summary>
    private async ValueTask PassOnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string what = "make deliveries ready whose turn it is";
        for (var last = long.MinValue; ;)
        {
            var keys = await runner.ListAsync(
                what,
                () => New(ManageSql.ReadParkedKeys).With(last).With(KeysAtOnce),
                static row => new KeyName(row.GetInt64(2), row.GetString(0), row.GetString(1)),
                cancellationToken).ConfigureAwait(false);
            if (keys.Count == 0)
            {
                return;
            }

            last = keys[^1].Hash;
            await runner.RunAsync(
                what,
                () =>
                {
                    var commands = new List<NpgsqlBatchCommand>();
                    new KeyLocks(runner.Schema).AddTo(commands, keys);
                    var passOn = new PassOnCommand(runner.Schema);
                    passOn.Fill(keys, now);
                    commands.Add(passOn.Command);
                    return commands;
                },
                static reader => reader.NextResultAsync(),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private NpgsqlBatchCommand New(string sql) => StoreCommand.Create(sql, runner.Schema);
}
