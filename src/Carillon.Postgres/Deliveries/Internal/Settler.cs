using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Settles deliveries that have more to them than to be removed: outcomes of other kinds, keys, those that are kept.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Settler(PostgresConnections connections, PostgresLocation location)
{
    // Those who share a transaction wait a moment, for one that is just being committed; who is alone and has waited already does not.
    private const string WaitForOthers = "10ms";
    private const string WaitAlone = "1ms";

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
            var (lost, left) = await SettleAsync(session, settlements, takesKeys: false).ConfigureAwait(false);
            return left.Count == 0 ? lost : [.. lost, .. await SettleApartAsync(session, left).ConfigureAwait(false)];
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
            var command = new SettleCommand(location.Schema);
            command.Fill([settlement], takesKeys: true);
            return (await SettleAsync(
                command, commands => Batches.ExecuteAsync(transaction.Connection!, transaction, commands, connections.Prepares), [settlement]).ConfigureAwait(false)).Lost.Count == 0;
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

    /// <summary>
    /// Those that take a unique key again, for which an open transaction of the application may be waited for. What would have to wait is deferred; so is what fails here, since the others are
    /// settled already.
    /// </summary>
    /// <returns>Those whose lease was lost.</returns>
    private static async Task<IReadOnlyList<LeasedDelivery>> SettleApartAsync(PostgresSession session, IReadOnlyList<Settlement> settlements)
    {
        if (await TrySettleApartAsync(session, settlements, WaitForOthers).ConfigureAwait(false) is { } lost)
        {
            return lost;
        }

        var allLost = new List<LeasedDelivery>();
        foreach (var settlement in settlements)
        {
            if (settlements.Count > 1 && await TrySettleApartAsync(session, [settlement], WaitAlone).ConfigureAwait(false) is { } lostAlone)
            {
                allLost.AddRange(lostAlone);
            }
            else
            {
                settlement.IsDeferred = true;
            }
        }

        return allLost;
    }

    /// <returns>Null if they could not.</returns>
    private static async Task<IReadOnlyList<LeasedDelivery>?> TrySettleApartAsync(PostgresSession session, IReadOnlyList<Settlement> settlements, string timeout)
    {
        try
        {
            return (await SettleAsync(session, settlements, takesKeys: true, timeout).ConfigureAwait(false)).Lost;
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception) || !session.IsOpen)
        {
            return null;
        }
    }

    private static async Task<(IReadOnlyList<LeasedDelivery> Lost, IReadOnlyList<Settlement> Left)> SettleAsync(
        PostgresSession session, IReadOnlyList<Settlement> settlements, bool takesKeys, string? timeout = null)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                session.Settle.Fill([.. settlements.DistinctBy(settlement => (settlement.Delivery.Id, settlement.Delivery.Token))], takesKeys, timeout);
                return await SettleAsync(session.Settle, session.ExecuteAsync, settlements).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
            {
            }
        }
    }

    private static async Task<(IReadOnlyList<LeasedDelivery> Lost, IReadOnlyList<Settlement> Left)> SettleAsync(
        SettleCommand command, Func<List<NpgsqlBatchCommand>, ValueTask<NpgsqlDataReader>> execute, IReadOnlyList<Settlement> settlements)
    {
        HashSet<(long Id, long Token)> settled, left;
        var reader = await execute(command.Commands).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            (settled, left) = await command.ReadAsync(reader).ConfigureAwait(false);
        }

        command.Clear();
        var (lost, again) = (new List<LeasedDelivery>(), new List<Settlement>());
        foreach (var settlement in settlements)
        {
            settlement.IsDeferred = false;
            var lease = (settlement.Delivery.Id, settlement.Delivery.Token);

            // Taken out, so that the second settlement of one delivery finds it settled.
            if (left.Remove(lease))
            {
                again.Add(settlement);
            }
            else if (!settled.Remove(lease))
            {
                lost.Add(settlement.Delivery);
            }
        }

        return (lost, again);
    }
}
