using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that settle deliveries in any way, and pass their turn on. Used by one caller at a time, and again.</summary>
internal sealed class SettleCommand
{
    private readonly KeyLocks _locks;
    private readonly RemoveCommand _remove;
    private readonly PassOnCommand _passOn;
    private readonly NpgsqlBatchCommand _settle;
    private readonly NpgsqlBatchCommand _free;
    private readonly List<long> _freeId;
    private readonly List<long> _freeAt;
    private readonly List<long> _id;
    private readonly List<long> _token;
    private readonly List<short> _outcome;
    private readonly List<long> _at;
    private readonly List<long?> _retryAt;
    private readonly List<long?> _keepUntil;
    private readonly List<string?> _error;
    private readonly NpgsqlParameter<bool> _takesKeys;
    private readonly NpgsqlBatchCommand _wait = new(SeenSql.WaitNoLonger);
    private readonly NpgsqlParameter<string> _timeout;

    internal SettleCommand(string schema)
    {
        _locks = new KeyLocks(schema);
        _remove = new RemoveCommand(schema);
        _passOn = new PassOnCommand(schema);
        _free = new NpgsqlBatchCommand(SchemaName.Fill(SettleSql.FreeEnded, schema));
        _freeId = _free.AddColumn<long>(NpgsqlDbType.Bigint);
        _freeAt = _free.AddColumn<long>(NpgsqlDbType.Bigint);
        _settle = new NpgsqlBatchCommand(SchemaName.Fill(SettleSql.Settle, schema));
        _id = _settle.AddColumn<long>(NpgsqlDbType.Bigint);
        _token = _settle.AddColumn<long>(NpgsqlDbType.Bigint);
        _outcome = _settle.AddColumn<short>(NpgsqlDbType.Smallint);
        _at = _settle.AddColumn<long>(NpgsqlDbType.Bigint);
        _retryAt = _settle.AddColumn<long?>(NpgsqlDbType.Bigint);
        _keepUntil = _settle.AddColumn<long?>(NpgsqlDbType.Bigint);
        _error = _settle.AddColumn<string?>(NpgsqlDbType.Text);
        _settle.AddValue<string>(NpgsqlDbType.Text).TypedValue = Settlement.SupersededReason;
        _takesKeys = _settle.AddValue<bool>(NpgsqlDbType.Boolean);
        _timeout = _wait.AddValue<string>(NpgsqlDbType.Text);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    /// <param name="settlements">No two of one lease.</param>
    /// <param name="takesKeys">Whether those that take a unique key again are settled, for which they may have to wait.</param>
    /// <param name="timeout">How long they wait; null for as long as need be.</param>
    internal void Fill(IReadOnlyList<Settlement> settlements, bool takesKeys, string? timeout = null)
    {
        Clear();
        _takesKeys.TypedValue = takesKeys;
        var removes = false;
        var keyed = new List<KeyName>();
        foreach (var settlement in settlements)
        {
            if (settlement.Delivery.Key is { } key)
            {
                keyed.Add(KeyName.Of(settlement.Delivery.ListenerId, key));
            }

            if (settlement is { Outcome: DeliveryOutcome.Completed, KeepUntil: null })
            {
                _remove.Add(settlement);
                removes = true;
            }
            else
            {
                Add(settlement);
            }
        }

        _locks.AddTo(Commands, keyed);
        if (timeout is not null)
        {
            // Behind the locks of the keys, which are nobody's for long.
            _timeout.TypedValue = timeout;
            Commands.Add(_wait);
        }

        if (removes)
        {
            Commands.Add(_remove.Command);
        }

        if (takesKeys && _freeId.Count > 0)
        {
            Commands.Add(_free);
        }

        if (_id.Count > 0)
        {
            Commands.Add(_settle);
        }

        if (keyed.Count > 0)
        {
            _passOn.Fill(keyed, settlements.Max(settlement => settlement.At));
            Commands.Add(_passOn.Command);
        }
    }

    /// <summary>Those that were settled, and those that were left since they take a unique key again.</summary>
    internal async Task<(HashSet<(long Id, long Token)> Settled, HashSet<(long Id, long Token)> Left)> ReadAsync(NpgsqlDataReader reader)
    {
        var (settled, left) = (new HashSet<(long Id, long Token)>(), new HashSet<(long Id, long Token)>());
        foreach (var command in Commands)
        {
            if (command == _free || command == _passOn.Command)
            {
                // Returns no rows, and is no result.
                continue;
            }

            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                if (command == _remove.Command || command == _settle)
                {
                    (command == _settle && !reader.GetBoolean(2) ? left : settled).Add((reader.GetInt64(0), reader.GetInt64(1)));
                }
            }

            await reader.NextResultAsync().ConfigureAwait(false);
        }

        return (settled, left);
    }

    internal void Clear()
    {
        Commands.Clear();
        _remove.Clear();
        _freeId.Clear();
        _freeAt.Clear();
        _id.Clear();
        _token.Clear();
        _outcome.Clear();
        _at.Clear();
        _retryAt.Clear();
        _keepUntil.Clear();
        _error.Clear();
    }

    private void Add(Settlement settlement)
    {
        _id.Add(settlement.Delivery.Id);
        _token.Add(settlement.Delivery.Token);
        _outcome.Add((short)settlement.Outcome);
        _at.Add(UnixTicks.From(settlement.At));
        _retryAt.Add(UnixTicks.From(settlement.RetryAt));
        _keepUntil.Add(UnixTicks.From(settlement.KeepUntil));
        _error.Add(StoredText.Write(settlement.Error));
        if (settlement.Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Released or DeliveryOutcome.Parked or DeliveryOutcome.Snoozed)
        {
            _freeId.Add(settlement.Delivery.Id);
            _freeAt.Add(UnixTicks.From(settlement.At));
        }
    }
}
