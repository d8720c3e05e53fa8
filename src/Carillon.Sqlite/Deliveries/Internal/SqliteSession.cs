using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>A connection with the statements that were prepared on it. Used by one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _neverSet = new();

    internal sqlite3 Database { get; } = connection.Handle!;

    internal long LastId => raw.sqlite3_last_insert_rowid(Database);

    /// <summary>Whether a transaction is open. SQLite rolls back by itself after some errors.</summary>
    internal bool InTransaction => raw.sqlite3_get_autocommit(Database) == 0;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
        _neverSet.Dispose();
    }

    /// <summary>The statement with this text, prepared the first time it is asked for.</summary>
    internal SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(Database, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    internal int Execute(string sql) => Statement(sql).Execute();

    /// <summary>Begins a transaction that holds the write lock from the start.</summary>
    /// <param name="patience">How long to wait while another connection writes.</param>
    /// <remarks>
    /// SQLite's own waiting (busy_timeout) rests for whole seconds where it was compiled without usleep, as in the bundle of SQLitePCLRaw 2.0: a
    /// millisecond of somebody else's transaction would cost every write a second. So the waiting is done here.
    /// </remarks>
    internal void BeginWrite(TimeSpan patience)
    {
        var begin = Statement("BEGIN IMMEDIATE");
        var begun = Stopwatch.GetTimestamp();
        raw.sqlite3_busy_timeout(Database, 0);
        try
        {
            while (!begin.TryExecute(orThrow: Stopwatch.GetElapsedTime(begun) >= patience))
            {
                _neverSet.Wait(Pause);
            }
        }
        finally
        {
            raw.sqlite3_busy_timeout(Database, (int)patience.TotalMilliseconds);
        }
    }

    internal void RollBack()
    {
        if (InTransaction)
        {
            Execute("ROLLBACK");
        }
    }
}
