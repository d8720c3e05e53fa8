using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>A connection with the statements that were prepared on it. Used by one thread at a time.</summary>
/// <param name="connection">The connection.</param>
/// <param name="isOurs">Whether it is closed with the session; the application's own is not.</param>
internal sealed class SqliteSession(SqliteConnection connection, bool isOurs) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

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

        if (isOurs)
        {
            connection.Dispose();
        }
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
    internal void BeginWrite(TimeSpan patience) => Statement("BEGIN IMMEDIATE").ExecuteWhenUnlocked(patience);

    /// <summary>Ends all statements. Whoever read a row that cannot be read has left its statement open, and SQLite takes no new values for one that is.</summary>
    internal void Reset()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Reset();
        }
    }

    internal void RollBack()
    {
        Reset();
        if (InTransaction)
        {
            Execute("ROLLBACK");
        }
    }
}
