using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Makes ready those whose turn it is, now that others of their keys have changed. Used by one caller at a time, and again.</summary>
internal sealed class PassOnCommand
{
    private readonly List<string> _listener;
    private readonly List<string> _key;
    private readonly List<long> _hash;
    private readonly NpgsqlParameter<long> _now;

    internal PassOnCommand(string schema)
    {
        Command = new NpgsqlBatchCommand(SchemaName.Fill(TurnSql.PassOn, schema));
        _now = Command.AddValue<long>(NpgsqlDbType.Bigint);
        _listener = Command.AddColumn<string>(NpgsqlDbType.Text);
        _key = Command.AddColumn<string>(NpgsqlDbType.Text);
        _hash = Command.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    internal NpgsqlBatchCommand Command { get; }

    /// <param name="keys">The keys of which something has changed.</param>
    /// <param name="now">The time (UTC).</param>
    internal void Fill(IEnumerable<KeyName> keys, DateTimeOffset now)
    {
        _listener.Clear();
        _key.Clear();
        _hash.Clear();
        _now.TypedValue = UnixTicks.From(now);
        foreach (var key in keys.Distinct())
        {
            _listener.Add(key.Listener);
            _key.Add(key.Key);
            _hash.Add(key.Hash);
        }
    }
}
