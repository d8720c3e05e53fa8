using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Leases those with a key whose turn it is. Used by one caller at a time, and again.</summary>
internal sealed class TurnsCommand
{
    private readonly NpgsqlBatchCommand _shareQueue = new(ClaimSql.ShareQueue);
    private readonly NpgsqlBatchCommand _lockQueue = new(ClaimSql.LockQueue);
    private readonly NpgsqlBatchCommand _turns;
    private readonly NpgsqlParameter<long> _sharedQueue;
    private readonly NpgsqlParameter<long> _lockedQueue;
    private readonly ClaimParameters _request;
    private readonly List<long> _ids;
    private readonly KeyLocks _locks;
    private readonly PassOnCommand _passOn;

    internal TurnsCommand(string schema)
    {
        _locks = new KeyLocks(schema);
        _passOn = new PassOnCommand(schema);
        _sharedQueue = _shareQueue.AddValue<long>(NpgsqlDbType.Bigint);
        _lockedQueue = _lockQueue.AddValue<long>(NpgsqlDbType.Bigint);
        _turns = new NpgsqlBatchCommand(SchemaName.Fill(ClaimSql.Turns, schema));
        _request = new ClaimParameters(_turns);
        _ids = _turns.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    internal void Fill(LeaseRequest request, int count, long queueLock, List<ClaimedRow> candidates)
    {
        Commands.Clear();
        // The queue before the keys, as everywhere.
        Commands.Add(request.Limit > 0 ? _lockQueue : _shareQueue);
        _locks.AddTo(Commands, candidates.Select(row => row.Key!.Value));
        Commands.Add(_turns);
        _sharedQueue.TypedValue = _lockedQueue.TypedValue = queueLock;
        _request.Fill(request, count);
        _ids.Clear();
        _ids.AddRange(candidates.Select(row => row.Id));
        var ended = candidates.Where(row => row.IsLease).Select(row => row.Key!.Value).ToList();
        if (ended.Count > 0)
        {
            // One whose lease has ended may be parked now, and others may have been parked behind it.
            _passOn.Fill(ended, request.Now);
            Commands.Add(_passOn.Command);
        }
    }

    /// <returns>Those that were leased, and those that were parked.</returns>
    internal async Task<List<ClaimedRow>> ReadAsync(NpgsqlDataReader reader, string queue)
    {
        // The locks come first, with a row each.
        for (var before = Commands.IndexOf(_turns); before > 0; before--)
        {
            await reader.NextResultAsync().ConfigureAwait(false);
        }

        return await ClaimedRow.ReadAllAsync(reader, queue).ConfigureAwait(false);
    }
}
