using System.Globalization;
using System.Reflection;
using Carillon.Deliveries;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Makes the tables, and brings them up to date: numbered migrations, each applied once, under the write lock.</summary>
internal static class SqliteSchema
{
    private const int JournalAttempts = 100;

    private static readonly string[] Migrations = ["0001_deliveries.sql", "0002_queues_keys_inbox.sql"];

    /// <exception cref="DeliveryStoreException">The tables are newer than this version of Carillon.</exception>
    internal static void Apply(SqliteSession session, SqliteLocation location, ILogger logger)
    {
        UseWriteAheadLog(session, location);

        // Processes that start together come through one after the other; all but the first find the work done.
        session.BeginWrite(location.BusyTimeout);
        try
        {
            session.Execute(
                "CREATE TABLE IF NOT EXISTS carillon_schema (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
            // Says so now if the file cannot be written: neither of the statements above does.
            session.Execute(DeliverySql.TakeLock);
            var present = ReadVersion(session, location);
            for (var version = present + 1; version <= Migrations.Length; version++)
            {
                ExecuteScript(session, Read(Migrations[version - 1]));
                session.Statement("INSERT INTO carillon_schema (version) VALUES (?1)").Bind(1, version).Execute();
            }

            session.Execute("COMMIT");
            if (present < Migrations.Length)
            {
                Log.Migrated(logger, location.Description, present, Migrations.Length);
            }
        }
        catch
        {
            session.RollBack();
            throw;
        }
    }

    private static int ReadVersion(SqliteSession session, SqliteLocation location)
    {
        var statement = session.Statement("SELECT COALESCE(MAX(version), 0) FROM carillon_schema");
        statement.Step();
        var version = statement.GetInt(0);
        statement.Reset();
        return version <= Migrations.Length
            ? version
            : throw new DeliveryStoreException(string.Create(
                CultureInfo.InvariantCulture,
                $"The delivery tables in the {location.Description} are of version {version}; this Carillon.Sqlite knows up to {Migrations.Length}. ")
                + "Nothing was changed. Install the version of Carillon.Sqlite that made them, or a later one.");
    }

    /// <summary>Readers and the writer do not wait for each other with a write-ahead log. The setting stays in the file.</summary>
    private static void UseWriteAheadLog(SqliteSession session, SqliteLocation location)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var mode = JournalMode(session, "PRAGMA journal_mode");
                if (mode != "wal")
                {
                    mode = JournalMode(session, "PRAGMA journal_mode = WAL");
                }

                if (mode != "wal")
                {
                    throw new DeliveryStoreException(
                        $"The {location.Description} stays in journal mode '{mode}' and cannot use a write-ahead log. "
                        + "Put the file on a local disk, not on a network share.");
                }

                return;
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY && attempt < JournalAttempts)
            {
                // This pragma does not wait for others as statements do. Taking the file for oneself does; then it is tried again, since
                // another process may have come in between, most likely to do the same.
                session.Statement("BEGIN EXCLUSIVE").ExecuteWhenUnlocked(location.BusyTimeout);
                session.Execute("COMMIT");
            }
        }
    }

    private static string JournalMode(SqliteSession session, string pragma)
    {
        var statement = session.Statement(pragma);
        statement.Step();
        var mode = statement.GetString(0);
        statement.Reset();
        return mode;
    }

    private static string Read(string migration)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(migration)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void ExecuteScript(SqliteSession session, string script)
    {
        var result = raw.sqlite3_exec(session.Database, script);
        if (result != raw.SQLITE_OK)
        {
            SqliteFault.Throw(session.Database, result);
        }
    }
}
