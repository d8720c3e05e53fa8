using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Settles deliveries that have more to them than to be removed: outcomes of other kinds, keys, those that are kept.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Settler(PostgresConnections connections, PostgresLocation location)
{
    private readonly LeaseExtension _extension = new(location.Schema);

    /// <summary>Whether it is enough to remove it, which the writer does together with what else there is to write.</summary>
    internal static bool IsSimple(Settlement settlement) =>
        settlement is { Outcome: DeliveryOutcome.Completed, KeepUntil: null, Delivery.Key: null };

    /// <returns>Those whose lease was lost.</returns>
    internal async ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        var what = DeliveryWords.Settle(settlements);
        var session = await connections.RentAsync(what, cancellationToken).ConfigureAwait(false);
        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return await SettleAsync(session.Settle, session.ExecuteAsync, settlements).ConfigureAwait(false);
                }
                catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
                {
                }
            }
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(what, location, exception, wasSent: true);
        }
        finally
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    /// <summary>In a transaction that somebody else ends. The locks of the keys are held until then.</summary>
    internal async ValueTask<bool> SettleAsync(NpgsqlTransaction transaction, Settlement settlement)
    {
        try
        {
            return (await SettleAsync(
                new SettleCommand(location.Schema),
                commands => Batches.ExecuteAsync(transaction.Connection!, transaction, commands, connections.Prepares),
                [settlement]).ConfigureAwait(false)).Count == 0;
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain($"{DeliveryWords.Settle([settlement])} in its listener's transaction", location, exception, wasSent: false);
        }
    }

    internal async ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var what = DeliveryWords.Extend(deliveries);
        var session = await connections.RentAsync(what, cancellationToken).ConfigureAwait(false);
        try
        {
            return await _extension.ExtendAsync(session, deliveries, until).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(what, location, exception, wasSent: true);
        }
        finally
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyList<LeasedDelivery>> SettleAsync(
        SettleCommand command, Func<List<NpgsqlBatchCommand>, ValueTask<NpgsqlDataReader>> execute, IReadOnlyList<Settlement> settlements)
    {
        var firsts = settlements.DistinctBy(settlement => (settlement.Delivery.Id, settlement.Delivery.Token)).ToList();
        command.Fill(firsts);
        HashSet<(long Id, long Token)> settled;
        var reader = await execute(command.Commands).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            settled = await command.ReadAsync(reader).ConfigureAwait(false);
        }

        command.Clear();
        // Taken out, so that the second settlement of one delivery finds it settled.
        return settled.Count == settlements.Count
            ? []
            : [.. settlements.Where(settlement => !settled.Remove((settlement.Delivery.Id, settlement.Delivery.Token))).Select(settlement => settlement.Delivery)];
    }
}
