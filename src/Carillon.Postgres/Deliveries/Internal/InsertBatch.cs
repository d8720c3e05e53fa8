using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that write any deliveries together, unique ones too. Used by one caller at a time, and again.</summary>
internal sealed class InsertBatch
{
    private readonly InsertCommand _plain;
    private readonly InsertCommand _unique;
    private readonly ReplaceCommand _replace;
    private readonly NpgsqlBatchCommand _free;
    private readonly NpgsqlBatchCommand _find;
    private readonly List<Guid> _freeHashes;
    private readonly List<long> _freeTimes;
    private readonly List<Guid> _findHashes;

    private readonly List<NewDelivery> _plainOnes = [];
    private readonly Dictionary<Guid, NewDelivery> _uniqueOnes = [];
    private readonly List<NewDelivery> _laterOnes = [];

    internal InsertBatch(string schema)
    {
        _plain = new InsertCommand(schema, isUnique: false);
        _unique = new InsertCommand(schema, isUnique: true);
        _replace = new ReplaceCommand(schema);
        _free = new NpgsqlBatchCommand(SchemaName.Fill(InsertSql.FreeEnded, schema));
        _freeHashes = _free.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _freeTimes = _free.AddColumn<long>(NpgsqlDbType.Bigint);
        _find = new NpgsqlBatchCommand(SchemaName.Fill(InsertSql.FindUnique, schema));
        _findHashes = _find.AddColumn<Guid>(NpgsqlDbType.Uuid);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    internal void Fill(IReadOnlyList<NewDelivery> deliveries)
    {
        Clear();
        for (var i = 0; i < deliveries.Count; i++)
        {
            Sort(deliveries[i]);
        }

        if (_uniqueOnes.Count == 0)
        {
            _plainOnes.ForEach(_plain.Add);
            Commands.Add(_plain.Command);
            return;
        }

        for (var i = 0; i < deliveries.Count; i++)
        {
            if (!_laterOnes.Contains(deliveries[i]))
            {
                _unique.Add(deliveries[i]);
            }
        }

        foreach (var (hash, delivery) in _uniqueOnes)
        {
            _findHashes.Add(hash);
            _freeHashes.Add(hash);
            _freeTimes.Add(UnixTicks.From(delivery.Envelope.Time));
            if (delivery.Unique!.Replaces)
            {
                _replace.Add(hash, delivery);
            }
        }

        Commands.Add(_free);
        Commands.Add(_unique.Command);
        if (!_replace.IsEmpty)
        {
            Commands.Add(_replace.Command);
        }

        Commands.Add(_find);
    }

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
            return [];
        }

        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            _uniqueOnes.Remove(reader.GetGuid(1), out var written);
            written!.Id = reader.GetInt64(0);
        }

        await reader.NextResultAsync().ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            if (_uniqueOnes.Remove(reader.GetGuid(1), out var duplicate))
            {
                (duplicate.IsDuplicate, duplicate.Id) = (true, reader.GetInt64(0));
            }
        }

        return _uniqueOnes.Count == 0 && _laterOnes.Count == 0 ? [] : [.. _uniqueOnes.Values, .. _laterOnes];
    }

    internal void Clear()
    {
        Commands.Clear();
        _plain.Clear();
        _unique.Clear();
        _replace.Clear();
        _freeHashes.Clear();
        _freeTimes.Clear();
        _findHashes.Clear();
        _plainOnes.Clear();
        _uniqueOnes.Clear();
        _laterOnes.Clear();
    }

    private void Sort(NewDelivery delivery)
    {
        if (delivery.Unique is not { } unique)
        {
            _plainOnes.Add(delivery);
        }
        else if (!_uniqueOnes.TryAdd(StableHash.OfUnique(unique.Key), delivery))
        {
            // A second one with the key of the first: it meets it once that one is written.
            _laterOnes.Add(delivery);
        }
    }
}
