using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Writes deliveries right before the commit of their transaction, those of an ordered key as leased if it is their turn: the key is free, and stays so until the commit, since its lock is
/// held. For one use.
/// </summary>
/// <remarks>
/// Without this each of them would be written twice: once to be there, and once to be leased. Whoever settles or leases something of the key waits for the lock, so it is taken last of
/// all, and by nobody whose transaction goes on.
/// </remarks>
internal sealed class InsertInTurn
{
    private readonly IReadOnlyList<NewDelivery> _deliveries;

    /// <param name="schema">The schema.</param>
    /// <param name="deliveries">None of them unique.</param>
    /// <param name="maxKeys">So many keys are locked at most. What has another one waits for a worker.</param>
    internal InsertInTurn(string schema, IReadOnlyList<NewDelivery> deliveries, int maxKeys)
    {
        _deliveries = deliveries;
        var salt = KeyLocks.SaltOf(schema);
        var hold = new NpgsqlBatchCommand(InsertSql.HoldFreeKeys);
        var keys = hold.AddColumn<long>(NpgsqlDbType.Bigint);
        hold.AddValue<long>(NpgsqlDbType.Bigint).TypedValue = salt;
        var insert = new InsertCommand(InsertSql.InsertInTurn, schema);
        insert.Command.AddValue<long>(NpgsqlDbType.Bigint).TypedValue = salt;
        var seen = new HashSet<KeyName>();
        foreach (var delivery in deliveries)
        {
            if (delivery.Key is { } key && !(IsFirst(seen, delivery, key) && seen.Count <= maxKeys))
            {
                delivery.Lease = null;
            }

            insert.Add(delivery);
        }

        keys.AddRange(seen.Take(maxKeys).Select(key => key.Hash ^ salt).Distinct());
        Commands = [hold, insert.Command];
    }

    internal IReadOnlyList<NpgsqlBatchCommand> Commands { get; }

    /// <summary>Of how many the turn is to be found out.</summary>
    internal static int Count(IReadOnlyList<NewDelivery> deliveries) => deliveries.Count(static delivery => delivery is { Lease: not null, Key: not null });

    /// <summary>
    /// Divides deliveries of which some are unique: what comes of those has to be seen before the others are written here. Those that share a key stay together, so that they keep their
    /// order, and among unique ones none of them is leased.
    /// </summary>
    /// <returns>What is written first, with its turn left to a worker, and what is written here, if that is to be leased at all.</returns>
    internal static (IReadOnlyList<NewDelivery> First, IReadOnlyList<NewDelivery> Last) Divide(IReadOnlyList<NewDelivery> deliveries)
    {
        var keysOfUnique = deliveries
            .Where(static delivery => delivery is { Unique: not null, Key: not null })
            .Select(static delivery => KeyName.Of(delivery.ListenerId, delivery.Key!.Value))
            .ToHashSet();
        var last = deliveries
            .Where(delivery => delivery is { Unique: null, Key: { IsOrdered: true, Value: var key } } && !keysOfUnique.Contains(KeyName.Of(delivery.ListenerId, key)))
            .ToList();
        if (Count(last) == 0)
        {
            last.Clear();
        }

        var inTurn = last.ToHashSet<NewDelivery>(ReferenceEqualityComparer.Instance);
        var first = deliveries.Where(delivery => !inTurn.Contains(delivery)).ToList();
        foreach (var delivery in first)
        {
            if (delivery.Key is not null)
            {
                delivery.Lease = null;
            }
        }

        return (first, last);
    }

    internal async ValueTask ReadAsync(NpgsqlDataReader reader)
    {
        // Which locks are held has a row too.
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var delivery in _deliveries)
        {
            await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            delivery.Id = reader.GetInt64(0);
            if (!reader.GetBoolean(1))
            {
                delivery.Lease = null;
            }
        }
    }

    // Of those of one call only the first can have its turn, and what is behind it has not, leased or not.
    private static bool IsFirst(HashSet<KeyName> seen, NewDelivery delivery, DeliveryKey key) =>
        key.IsOrdered && seen.Add(KeyName.Of(delivery.ListenerId, key.Value));
}
