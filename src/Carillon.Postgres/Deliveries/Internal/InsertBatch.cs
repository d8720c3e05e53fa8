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
    private bool _meets;

    /// <param name="schema">The schema.</param>
    /// <param name="deliveries">What to write.</param>
    /// <param name="freed">The ids of those that are leased, whose period is over and whose keys can be freed here only.</param>
    internal InsertBatch(string schema, IReadOnlyList<NewDelivery> deliveries, IReadOnlyCollection<long> freed)
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

        Commands.Add(FreeEnded(schema, freed));
        Commands.Add(insert.Command);
        AddReplace(schema);
        AddMeet(schema);
        AddStart(schema);
        var find = StoreCommand.Create(UniqueSql.Find, schema);
        find.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(_uniqueOnes.Keys);
        Commands.Add(find);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    /// <summary>Takes back what was written too soon; null if nothing was.</summary>
    internal NpgsqlBatchCommand? TakeBack { get; private set; }

    /// <summary>Those that have a key though its period is over.</summary>
    internal List<long> Ended { get; } = [];

    /// <summary>Reads what came of it.</summary>
    /// <returns>Those that were neither written nor are kept out, and those that come after another one of this call: to be written again.</returns>
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
        var met = await ReadMetAsync(reader).ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var holder = UniqueHolder.Read(reader);
            if (!_uniqueOnes.TryGetValue(holder.Hash, out var later))
            {
                continue;
            }

            if (holder.KeepsOut(later, met.Contains(holder.Id)))
            {
                _uniqueOnes.Remove(holder.Hash);
                (later.IsDuplicate, later.Id) = (true, holder.Id);
            }
            else if (holder.HasEnded(later))
            {
                Ended.Add(holder.Id);
            }
        }

        return [.. Again(), .. _laterOnes];
    }

    private async ValueTask<HashSet<long>> ReadMetAsync(NpgsqlDataReader reader)
    {
        var met = new HashSet<long>();
        if (_meets)
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                met.Add(reader.GetInt64(0));
            }

            await reader.NextResultAsync().ConfigureAwait(false);
        }

        return met;
    }

    /// <summary>
    /// Those that were kept out by one that is gone by now, or that has started, or has come meanwhile. They are written after all, and with new ids: what is to come behind one of them in the order of a key, and was written together with
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

    private NpgsqlBatchCommand FreeEnded(string schema, IReadOnlyCollection<long> freed)
    {
        var free = StoreCommand.Create(UniqueSql.FreeEnded, schema);
        free.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(_uniqueOnes.Keys);
        free.AddColumn<long>(NpgsqlDbType.Bigint).AddRange(_uniqueOnes.Values.Select(delivery => UnixTicks.From(delivery.Envelope.Time)));
        return free.With(freed);
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

    private void AddMeet(string schema)
    {
        var meeting = _uniqueOnes.Where(each => UniqueHolder.IsMet(each.Value)).ToList();
        if (meeting.Count > 0)
        {
            _meets = true;
            var meet = StoreCommand.Create(UniqueSql.Meet, schema);
            meet.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(meeting.Select(each => each.Key));
            meet.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(meeting.Select(each => each.Value.Envelope.Id));
            Commands.Add(meet);
        }
    }

    private void AddStart(string schema)
    {
        var starting = _uniqueOnes.Where(each => each.Value is { Lease: not null, Unique: { Until: UniqueUntil.Started, EndsAt: null } }).Select(each => each.Key).ToList();
        if (starting.Count > 0)
        {
            var start = StoreCommand.Create(UniqueSql.Start, schema);
            start.AddColumn<Guid>(NpgsqlDbType.Uuid).AddRange(starting);
            Commands.Add(start);
        }
    }
}
