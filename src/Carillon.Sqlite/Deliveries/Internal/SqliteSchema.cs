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

    private static readonly Migration[] Migrations =
    [
        new(1, "0001_deliveries.sql"), new(2, "0002_queues_keys_inbox.sql"), new(3, "0003_event_store.sql"), new(4, "0004_sagas.sql"),
        new(5, "0005_look_ups.sql"),
    ];

    internal static int Version => Migrations[^1].Version;

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
            var applied = ReadVersions(session, location);
            // By what was applied and not by the highest number: another part of the store may have come first, or come later with a lower one.
            var missing = Array.FindAll(Migrations, migration => !applied.Contains(migration.Version));
            foreach (var migration in missing)
            {
                ExecuteScript(session, Read(migration.Script));
                session.Statement("INSERT INTO carillon_schema (version) VALUES (?1)").Bind(1, (long)migration.Version).Execute();
            }

            session.Execute("COMMIT");
            if (missing.Length > 0)
            {
                Log.Migrated(logger, location.Description, applied.DefaultIfEmpty().Max(), Version);
            }
        }
        catch
        {
            session.RollBack();
            throw;
        }
    }

    private static HashSet<int> ReadVersions(SqliteSession session, SqliteLocation location)
    {
        var applied = new HashSet<int>();
        var statement = session.Statement("SELECT version FROM carillon_schema");
        while (statement.Step())
        {
            applied.Add(statement.GetInt(0));
        }

        var version = applied.DefaultIfEmpty().Max();
        return version <= Version
            ? applied
            : throw new DeliveryStoreException(string.Create(
                CultureInfo.InvariantCulture,
                $"The delivery tables in the {location.Description} are of version {version}; this Carillon.Sqlite knows up to {Version}. ")
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

    private readonly record struct Migration(int Version, string Script);
}
