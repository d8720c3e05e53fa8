using System.Diagnostics;
using Carillon.Sqlite;
using Microsoft.Data.Sqlite;

namespace Carillon.Benchmarks.Durable;

/// <summary>
/// The limit: one connection, one thread and prepared commands that insert a batch, claim a batch and delete a batch, each in a transaction. What
/// is claimed is read, as a worker would; nothing is serialized, nothing runs, nobody waits for anybody.
/// </summary>
internal sealed class RawQueue : IDisposable
{
    internal const int Batch = 100;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _claim;
    private readonly SqliteCommand _delete;
    private readonly byte[] _payload = new byte[1024];
    private readonly List<long> _claimed = [];

    private RawQueue(SqliteConnection connection)
    {
        _connection = connection;
        Database.Execute(
            connection,
            "CREATE TABLE queue (id INTEGER PRIMARY KEY, state INTEGER NOT NULL, due_at INTEGER NOT NULL, owner TEXT, payload BLOB NOT NULL)");
        Database.Execute(connection, "CREATE INDEX queue_open ON queue (due_at) WHERE state < 3");
        _insert = Prepare("INSERT INTO queue (state, due_at, payload) VALUES (1, $a, $b)", _payload);
        _claim = Prepare(
            $"UPDATE queue SET state = 2, due_at = $a, owner = $b WHERE id IN (SELECT id FROM queue WHERE state < 3 AND due_at < $a ORDER BY due_at, id LIMIT {Batch}) RETURNING id, payload",
            "a worker");
        _delete = Prepare("DELETE FROM queue WHERE id = $a AND owner = $b", "a worker");
    }

    /// <returns>How many events a second were inserted, claimed and deleted.</returns>
    internal static double Measure(int events, SqliteSynchronous synchronous)
    {
        using var database = new Database(synchronous);
        using var connection = database.Open();
        using var queue = new RawQueue(connection);
        queue.Run(events / 10);
        var started = Stopwatch.GetTimestamp();
        queue.Run(events);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _claim.Dispose();
        _delete.Dispose();
    }

    private void Run(int events)
    {
        for (var done = 0; done < events; done += Batch)
        {
            InTransaction(Insert);
            InTransaction(Claim);
            InTransaction(Delete);
        }
    }

    private void Insert()
    {
        for (var i = 0; i < Batch; i++)
        {
            _insert.Parameters[0].Value = (long)i;
            _insert.ExecuteNonQuery();
        }
    }

    private void Claim()
    {
        _claimed.Clear();
        _claim.Parameters[0].Value = (long)Batch;
        using var rows = _claim.ExecuteReader();
        while (rows.Read())
        {
            _claimed.Add(rows.GetInt64(0));
            rows.GetFieldValue<byte[]>(1);
        }
    }

    private void Delete()
    {
        foreach (var id in _claimed)
        {
            _delete.Parameters[0].Value = id;
            _delete.ExecuteNonQuery();
        }
    }

    private void InTransaction(Action work)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = _claim.Transaction = _delete.Transaction = transaction;
        work();
        transaction.Commit();
    }

    private SqliteCommand Prepare(string sql, object second)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$a", 0L);
        command.Parameters.AddWithValue("$b", second);
        command.Prepare();
        return command;
    }
}
