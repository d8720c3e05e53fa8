using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Looks again at what was put aside, and removes what was kept long enough.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Cleaner(StoreRunner runner)
{
    /// <summary>What is much is removed in pieces of this size, each a transaction.</summary>
    private const int PieceSize = 1_000;

    /// <returns>How many became ready.</returns>
    internal async ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var now = UnixTicks.From(request.Now);
        var ready = await UnparkAsync(request.Known, now, cancellationToken).ConfigureAwait(false);
        await RemoveAsync("remove deliveries that were kept long enough", ManageSql.RemoveKept, now, cancellationToken).ConfigureAwait(false);
        await RemoveAsync("forget messages that were seen", ManageSql.RemoveSeen, now, cancellationToken).ConfigureAwait(false);
        await WakeStuckAsync(request.Now, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask WakeStuckAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string what = "make deliveries ready whose turn it is";
        var keys = await runner.ListAsync(
            what, () => New(ManageSql.ReadStuckKeys), static row => new KeyName(row.GetInt64(2), row.GetString(0), row.GetString(1)), cancellationToken)
            .ConfigureAwait(false);
        if (keys.Count == 0)
        {
            return;
        }

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

    private NpgsqlBatchCommand New(string sql) => StoreCommand.Create(sql, runner.Schema);
}
