using Microsoft.Data.Sqlite;

namespace Polls.Tests.Site;

/// <summary>Looks into the database of the site, beside it.</summary>
internal sealed class StoredPolls : IDisposable
{
    private readonly SqliteConnection _connection;

    public StoredPolls(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
    }

    public IReadOnlyList<StoredPoll> All() =>
        Read(
            "SELECT id, question, (SELECT count(*) FROM poll_option WHERE poll_id = poll.id) FROM poll",
            row => new StoredPoll(row.GetGuid(0), row.GetString(1), row.GetInt32(2)));

    /// <summary>The poll of each event that was audited.</summary>
    public IReadOnlyDictionary<Guid, Guid> PollsByEvent() =>
        Read("SELECT event_id, poll_id FROM audit WHERE event_name = 'poll.created'", row => (Event: row.GetGuid(0), Poll: row.GetGuid(1)))
            .ToDictionary(row => row.Event, row => row.Poll);

    public IReadOnlyList<Guid> AuditedWithoutPoll() =>
        Read("SELECT poll_id FROM audit WHERE poll_id NOT IN (SELECT id FROM poll)", row => row.GetGuid(0));

    public IReadOnlyList<string> OptionsWithoutPoll() =>
        Read("SELECT text FROM poll_option WHERE poll_id NOT IN (SELECT id FROM poll)", row => row.GetString(0));

    /// <summary>What SQLite itself finds wrong with the file.</summary>
    public IReadOnlyList<string> Damage() =>
        [
            .. Read("PRAGMA integrity_check", row => row.GetString(0)).Where(line => line != "ok"),
            .. Read("PRAGMA foreign_key_check", row => $"row of {row.GetString(0)} refers to no {row.GetString(2)}"),
        ];

    /// <returns>How many rows were written.</returns>
    public int Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}

internal sealed record StoredPoll(Guid Id, string Question, int Options);
