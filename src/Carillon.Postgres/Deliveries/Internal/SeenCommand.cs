using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Notes messages that consumers have seen, and asks for others. Used by one caller at a time, and again.</summary>
internal sealed class SeenCommand
{
    private readonly NpgsqlBatchCommand _doNotWait = new(SeenSql.DoNotWait);
    private readonly NpgsqlBatchCommand _ask;
    private readonly NpgsqlBatchCommand _note;
    private readonly SeenColumns _asked;
    private readonly SeenColumns _noted;
    private readonly NpgsqlParameter<long> _now;

    internal SeenCommand(string schema)
    {
        _ask = new NpgsqlBatchCommand(SchemaName.Fill(SeenSql.Ask, schema));
        _note = new NpgsqlBatchCommand(SchemaName.Fill(SeenSql.Note, schema));
        (_asked, _noted) = (new SeenColumns(_ask), new SeenColumns(_note));
        _now = _note.AddValue<long>(NpgsqlDbType.Bigint);
    }

    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    internal bool Asks => Commands.Contains(_ask);

    /// <param name="asked">What is asked for.</param>
    /// <param name="noted">What is noted, each once.</param>
    internal void Fill(IReadOnlyList<SeenCall> asked, IReadOnlyList<SeenCall> noted)
    {
        Commands.Clear();
        _asked.Fill(asked, static call => call.Now);
        // In one order everywhere, so that two processes do not wait for each other.
        _noted.Fill([.. noted.OrderBy(call => call.Consumer, StringComparer.Ordinal).ThenBy(call => call.MessageId, StringComparer.Ordinal)], static call => call.KeepUntil!.Value);
        if (asked.Count > 0)
        {
            Commands.Add(_ask);
        }

        if (noted.Count > 0)
        {
            _now.TypedValue = UnixTicks.From(noted.Max(call => call.Now));
            Commands.Add(_doNotWait);
            Commands.Add(_note);
        }
    }

    private sealed class SeenColumns(NpgsqlBatchCommand command)
    {
        private readonly List<string> _consumers = command.AddColumn<string>(NpgsqlDbType.Text);
        private readonly List<string> _messages = command.AddColumn<string>(NpgsqlDbType.Text);
        private readonly List<long> _times = command.AddColumn<long>(NpgsqlDbType.Bigint);

        internal void Fill(IReadOnlyList<SeenCall> calls, Func<SeenCall, DateTimeOffset> time)
        {
            _consumers.Clear();
            _messages.Clear();
            _times.Clear();
            foreach (var call in calls)
            {
                _consumers.Add(StoredText.Write(call.Consumer));
                _messages.Add(StoredText.Write(call.MessageId));
                _times.Add(UnixTicks.From(time(call)));
            }
        }
    }
}
