using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Leases what has no key and names what has one. Used by one caller at a time, and again.</summary>
internal sealed class ClaimCommand
{
    private readonly NpgsqlBatchCommand _shareQueue = new(ClaimSql.ShareQueue);
    private readonly NpgsqlBatchCommand _lockQueue = new(ClaimSql.LockQueue);
    private readonly NpgsqlBatchCommand _countBefore;
    private readonly NpgsqlBatchCommand _claim;
    private readonly NpgsqlBatchCommand _countAfter;
    private readonly NpgsqlParameter<long> _sharedQueue;
    private readonly NpgsqlParameter<long> _lockedQueue;
    private readonly ClaimParameters _request;
    private readonly NpgsqlParameter<long>[] _marks = new NpgsqlParameter<long>[7];
    private readonly List<string> _without;

    internal ClaimCommand(string schema)
    {
        _sharedQueue = _shareQueue.AddValue<long>(NpgsqlDbType.Bigint);
        _lockedQueue = _lockQueue.AddValue<long>(NpgsqlDbType.Bigint);
        _countBefore = StoreCommand.Create(ClaimSql.CountRead, schema);
        _countAfter = StoreCommand.Create(ClaimSql.CountRead, schema);
        _claim = new NpgsqlBatchCommand(SchemaName.Fill(ClaimSql.Claim, schema));
        _request = new ClaimParameters(_claim);
        for (var i = 0; i < _marks.Length; i++)
        {
            _marks[i] = _claim.AddValue<long>(NpgsqlDbType.Bigint);
        }

        _without = _claim.AddColumn<string>(NpgsqlDbType.Text);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    internal void Fill(LeaseRequest request, int count, long queueLock, in ClaimMarks marks)
    {
        Commands.Clear();
        Commands.Add(request.Limit > 0 ? _lockQueue : _shareQueue);
        Commands.Add(_countBefore);
        Commands.Add(_claim);
        Commands.Add(_countAfter);
        _sharedQueue.TypedValue = _lockedQueue.TypedValue = queueLock;
        _request.Fill(request, count);
        (_marks[0].TypedValue, _marks[1].TypedValue) = (marks.High.DueAt, marks.High.Id);
        (_marks[2].TypedValue, _marks[3].TypedValue) = (marks.Normal.DueAt, marks.Normal.Id);
        (_marks[4].TypedValue, _marks[5].TypedValue) = (marks.Low.DueAt, marks.Low.Id);
        _marks[6].TypedValue = marks.LeaseUntil;
        _without.Clear();
        _without.AddRange(request.Without.Select(static listener => StoredText.Write(listener)));
    }

    /// <returns>What it has met, and how many entries of the index it has read for that.</returns>
    internal static async Task<(List<ClaimedRow> Rows, long Read)> ReadAsync(NpgsqlDataReader reader, string queue)
    {
        // The lock has a row too.
        await reader.NextResultAsync().ConfigureAwait(false);
        await reader.ReadAsync().ConfigureAwait(false);
        var before = reader.GetInt64(0);
        await reader.NextResultAsync().ConfigureAwait(false);
        var rows = await ClaimedRow.ReadAllAsync(reader, queue).ConfigureAwait(false);
        await reader.NextResultAsync().ConfigureAwait(false);
        await reader.ReadAsync().ConfigureAwait(false);
        return (rows, reader.GetInt64(0) - before);
    }
}
