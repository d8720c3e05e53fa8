using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The locks of keys, for the beginning of a transaction: see <see cref="SettleSql.LockKeys"/>.</summary>
internal sealed class KeyLocks
{
    /// <summary>PostgreSQL has room for 64 locks a connection, in all. Who wants more than this takes the one of all keys.</summary>
    private const int MaxSingle = 128;

    private readonly NpgsqlBatchCommand _some = new(SettleSql.LockSomeKeys);
    private readonly NpgsqlBatchCommand _all = new(SettleSql.LockAllKeys);
    private readonly NpgsqlBatchCommand _single = new(SettleSql.LockKeys);
    private readonly List<long> _keys;
    private readonly long _salt;

    /// <param name="schema">Part of the numbers: applications in other schemas have nothing to do with each other.</param>
    internal KeyLocks(string schema)
    {
        var all = SaltOf(schema);
        _salt = all;
        _some.AddValue<long>(NpgsqlDbType.Bigint).TypedValue = all;
        _all.AddValue<long>(NpgsqlDbType.Bigint).TypedValue = all;
        _keys = _single.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    /// <summary>The lock of all keys; the lock of one key is its number, exclusive-or this.</summary>
    internal static long SaltOf(string schema) => StableHash.Of("carillon.keys", schema);

    internal void AddTo(List<NpgsqlBatchCommand> commands, IEnumerable<KeyName> keys)
    {
        _keys.Clear();
        _keys.AddRange(keys.Select(key => key.Hash ^ _salt).Distinct().Order());
        if (_keys.Count > MaxSingle)
        {
            commands.Add(_all);
        }
        else if (_keys.Count > 0)
        {
            commands.Add(_some);
            commands.Add(_single);
        }
    }
}
