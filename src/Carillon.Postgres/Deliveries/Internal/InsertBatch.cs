using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that write any deliveries together, unique ones too. For one use.</summary>
internal sealed class InsertBatch
{
    private readonly string _schema;
    private readonly List<NewDelivery> _together;
    private readonly List<NewDelivery> _plainOnes = [];
    private readonly Dictionary<Guid, NewDelivery> _uniqueOnes = [];
    private readonly List<NewDelivery> _laterOnes = [];

    internal InsertBatch(string schema, IReadOnlyList<NewDelivery> deliveries)
    {
        var count = 0;
        while (count < deliveries.Count && TrySort(deliveries[count]))
        {
            count++;
        }

        _schema = schema;
        _together = [.. deliveries.Take(count)];
        var insert = new InsertCommand(_uniqueOnes.Count > 0 ? InsertSql.InsertUnique : InsertSql.Insert, schema);
        for (var i = 0; i < deliveries.Count; i++)
        {
            if (i < count)
            {
                insert.Add(deliveries[i]);
            }
            else
            {
                // From the second one with a key on: it meets the first once that one is written, and what comes behind it gets its id behind it.
                _laterOnes.Add(deliveries[i]);
            }
        }

        if (_uniqueOnes.Count == 0)
        {
            Commands.Add(insert.Command);
            return;
        }

        Commands.Add(FreeEnded(schema));
        Commands.Add(insert.Command);
        AddReplace(schema);
        AddStart(schema);
        var find = StoreCommand.Create(InsertSql.FindUnique, schema);
        find.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(_uniqueOnes.Keys);
        Commands.Add(find);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    /// <summary>Takes back what was written too soon; null if nothing was.</summary>
    internal NpgsqlBatchCommand? TakeBack { get; private set; }

    /// <summary>Reads what came of it.</summary>
    /// <returns>Those that were neither written nor are there, and those that come after another one of this call: to be written again.</returns>
    internal async ValueTask<IReadOnlyList<NewDelivery>> ReadAsync(NpgsqlDataReader reader)
    {
        // Those without a unique key come first, in their order. Statements that return no rows, as those that make room and replace, are no results.
        foreach (var delivery in _plainOnes)
        {
            await reader.ReadAsync().ConfigureAwait(false);
            delivery.Id = reader.GetInt64(0);
        }

        if (_uniqueOnes.Count == 0)
        {
            return _laterOnes;
        }

        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            _uniqueOnes.Remove(reader.GetGuid(1), out var written);
            // An earlier try, which was rolled back, may have found it to be a duplicate.
            (written!.IsDuplicate, written.Id) = (false, reader.GetInt64(0));
        }

        await reader.NextResultAsync().ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            if (_uniqueOnes.Remove(reader.GetGuid(1), out var duplicate))
            {
                (duplicate.IsDuplicate, duplicate.Id) = (true, reader.GetInt64(0));
            }
        }

        return [.. Again(), .. _laterOnes];
    }

    /// <summary>
    /// Those that were kept out by one that is gone by now. They are written after all, and with new ids: what is to come behind one of them in the order of a key, and was written together with
    /// it, has to be written again behind it.
    /// </summary>
    private List<NewDelivery> Again()
    {
        if (_uniqueOnes.Count == 0)
        {
            return [];
        }

        var keptOut = new HashSet<NewDelivery>(_uniqueOnes.Values, ReferenceEqualityComparer.Instance);
        var keys = new HashSet<(string ListenerId, string Key)>();
        var (again, tooSoon) = (new List<NewDelivery>(), new List<long>());
        foreach (var delivery in _together)
        {
            var key = delivery.Key is { IsOrdered: true, Value: var value } ? (delivery.ListenerId, value) : default;
            if (keptOut.Contains(delivery))
            {
                again.Add(delivery);
                if (key != default)
                {
                    keys.Add(key);
                }
            }
            else if (key != default && !delivery.IsDuplicate && keys.Contains(key))
            {
                again.Add(delivery);
                tooSoon.Add(delivery.Id);
            }
        }

        TakeBack = tooSoon.Count > 0 ? StoreCommand.Create(InsertSql.TakeBack, _schema).With(tooSoon) : null;
        return again;
    }

    private bool TrySort(NewDelivery delivery)
    {
        if (delivery.Unique is { } unique)
        {
            return _uniqueOnes.TryAdd(StableHash.OfUnique(unique.Key), delivery);
        }

        _plainOnes.Add(delivery);
        return true;
    }

    private NpgsqlBatchCommand FreeEnded(string schema)
    {
        var free = StoreCommand.Create(InsertSql.FreeEnded, schema);
        free.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(_uniqueOnes.Keys);
        free.AddColumn<long>(NpgsqlDbType.Bigint).AddRange(_uniqueOnes.Values.Select(delivery => UnixTicks.From(delivery.Envelope.Time)));
        return free;
    }

    private void AddReplace(string schema)
    {
        var replace = new ReplaceCommand(schema);
        foreach (var (hash, delivery) in _uniqueOnes)
        {
            if (delivery.Unique!.Replaces)
            {
                replace.Add(hash, delivery);
            }
        }

        if (!replace.IsEmpty)
        {
            Commands.Add(replace.Command);
            Commands.Add(PassOnReplaced(schema));
        }
    }

    private NpgsqlBatchCommand PassOnReplaced(string schema)
    {
        var passOn = StoreCommand.Create(TurnSql.PassOnReplaced, schema).With(_uniqueOnes.Values.Max(delivery => UnixTicks.From(delivery.Envelope.Time)));
        passOn.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(_uniqueOnes.Keys);
        return passOn;
    }

    private void AddStart(string schema)
    {
        var starting = _uniqueOnes.Where(each => each.Value is { Lease: not null, Unique: { Until: UniqueUntil.Started, EndsAt: null } }).Select(each => each.Key).ToList();
        if (starting.Count > 0)
        {
            var start = StoreCommand.Create(InsertSql.Start, schema);
            start.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(starting);
            Commands.Add(start);
        }
    }
}
