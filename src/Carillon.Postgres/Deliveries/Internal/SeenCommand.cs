using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Notes messages that consumers have seen, and asks for others. Used by one caller at a time, and again.</summary>
internal sealed class SeenCommand
{
    // Who waits by himself waits elsewhere, and has nobody to wait with him meanwhile.
    private const string WaitForOthers = "100ms";
    private const string WaitAlone = "1ms";

    private readonly NpgsqlBatchCommand _wait = new(SeenSql.WaitNoLonger);
    private readonly NpgsqlBatchCommand _ask;
    private readonly NpgsqlBatchCommand _note;
    private readonly NpgsqlParameter<string> _timeout;
    private readonly Messages _asked;
    private readonly Messages _noted;
    private readonly List<long> _keepUntil;

    internal SeenCommand(string schema)
    {
        _ask = new NpgsqlBatchCommand(SchemaName.Fill(SeenSql.Ask, schema));
        _note = new NpgsqlBatchCommand(SchemaName.Fill(SeenSql.Note, schema));
        _timeout = _wait.AddValue<string>(NpgsqlDbType.Text);
        (_asked, _noted) = (new Messages(_ask), new Messages(_note));
        _keepUntil = _note.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    /// <param name="asked">What is asked for.</param>
    /// <param name="noted">What is noted, each once.</param>
    internal void Fill(IReadOnlyList<SeenCall> asked, IReadOnlyList<SeenCall> noted)
    {
        Commands.Clear();
        if (asked.Count > 0)
        {
            _asked.Fill(asked);
            Commands.Add(_ask);
        }

        if (noted.Count > 0)
        {
            // In one order everywhere, so that two processes do not wait for each other.
            var sorted = noted.OrderBy(call => call.Consumer, StringComparer.Ordinal).ThenBy(call => call.MessageId, StringComparer.Ordinal).ToArray();
            _noted.Fill(sorted);
            _keepUntil.Clear();
            _keepUntil.AddRange(sorted.Select(call => call.KeepUntil!.Value));
            _timeout.TypedValue = asked.Count + noted.Count > 1 ? WaitForOthers : WaitAlone;
            Commands.Add(_wait);
            Commands.Add(_note);
        }
    }

    private sealed class Messages(NpgsqlBatchCommand command)
    {
        private readonly List<string> _consumers = command.AddColumn<string>(NpgsqlDbType.Text);
        private readonly List<string> _ids = command.AddColumn<string>(NpgsqlDbType.Text);
        private readonly List<long> _times = command.AddColumn<long>(NpgsqlDbType.Bigint);

        internal void Fill(IReadOnlyList<SeenCall> calls)
        {
            _consumers.Clear();
            _ids.Clear();
            _times.Clear();
            foreach (var call in calls)
            {
                _consumers.Add(call.Consumer);
                _ids.Add(call.MessageId);
                _times.Add(call.Now);
            }
        }
    }
}
