using System.Globalization;
using System.Reflection;
using System.Text;
using Carillon.Deliveries;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Makes the tables, and brings them up to date: numbered migrations, each applied once, under a lock that ends with the transaction.</summary>
internal static class PostgresSchema
{
    private const int OldestServer = 130000;

    // Asks the catalogue and not to_regclass(), which goes by what the connection remembers: before it had the lock there was no such table.
    private const string Look =
        """
        SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('transaction_read_only')::boolean,
            current_setting('default_transaction_isolation'),
            EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'migrations')
        """;

    private const string ReadVersions = "SELECT coalesce(array_agg(version), ARRAY[]::integer[]) FROM {schema}.migrations";

    private const string Begin =
        """
        CREATE SCHEMA IF NOT EXISTS {schema};
        CREATE TABLE IF NOT EXISTS {schema}.migrations (
            version    integer PRIMARY KEY,
            applied_at timestamptz NOT NULL DEFAULT now()
        );

        """;

    private static readonly Migration[] Migrations =
    [
        new(1, "0001_deliveries.sql"), new(2, "0002_event_store.sql"), new(3, "0003_sagas.sql"), new(4, "0004_transport.sql"), new(5, "0005_attempts.sql"),
        new(6, "0006_look_ups.sql"),
    ];

    internal static int Version => Migrations[^1].Version;

    /// <summary>For whoever applies it: one transaction, with the lock that the store takes.</summary>
    internal static string Script(int fromVersion, string schema) =>
        string.Create(CultureInfo.InvariantCulture, $"BEGIN;\n\nSELECT pg_advisory_xact_lock({LockOf(schema)});\n\n")
        + Statements([.. Migrations.Where(migration => migration.Version > fromVersion)], schema)
        + "COMMIT;\n";

    /// <exception cref="DeliveryStoreException">The database cannot be used, or its tables are newer than this version of Carillon, or are missing and not to be made.</exception>
    internal static async Task PrepareAsync(PostgresConnections connections, PostgresLocation location, bool apply, ILogger logger, CancellationToken cancellationToken)
    {
        const string what = "prepare the delivery tables";
        var connection = await connections.OpenAsync(what, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                var applied = await LookAsync(connection, location, cancellationToken).ConfigureAwait(false);
                if (Missing(applied).Count == 0)
                {
                    return;
                }

                if (!apply)
                {
                    var version = Migrations.TakeWhile(migration => applied.Contains(migration.Version)).LastOrDefault().Version;
                    throw new DeliveryStoreException(
                        $"The delivery tables in the {location.Description} are {Words(version)}; this Carillon.Postgres wants version {Version}, and PostgresOptions.ApplyMigrations "
                        + $"is false. Apply what PostgresMigrations.Script({version}, \"{location.Schema}\") says, or let the host apply it.");
                }

                await ApplyAsync(connection, location, logger, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (PostgresFault.IsFault(exception))
            {
                throw PostgresFault.Explain(what, location, exception, wasSent: true);
            }
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, PostgresLocation location, ILogger logger, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Processes that start together come through one after the other; all but the first find the work done.
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockOf(location.Schema)})"), cancellationToken)
                .ConfigureAwait(false);
            var applied = await LookAsync(connection, location, cancellationToken).ConfigureAwait(false);
            var missing = Missing(applied);
            if (missing.Count > 0)
            {
                await ExecuteAsync(connection, Statements(missing, location.Schema), cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            if (missing.Count > 0)
            {
                Log.Migrated(logger, location.Description, applied.DefaultIfEmpty().Max(), Version);
            }
        }
    }

    /// <returns>The migrations that were applied; none if there are no tables.</returns>
    private static async Task<HashSet<int>> LookAsync(NpgsqlConnection connection, PostgresLocation location, CancellationToken cancellationToken)
    {
        var isThere = false;
        var look = new NpgsqlCommand(Look, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = location.Schema } } };
        await using (look.ConfigureAwait(false))
        {
            var row = await look.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                await row.ReadAsync(cancellationToken).ConfigureAwait(false);
                Check(row, location);
                isThere = row.GetBoolean(4);
            }
        }

        if (!isThere)
        {
            return [];
        }

        var read = new NpgsqlCommand(SchemaName.Fill(ReadVersions, location.Schema), connection);
        await using (read.ConfigureAwait(false))
        {
            var applied = ((int[])(await read.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!).ToHashSet();
            var version = applied.DefaultIfEmpty().Max();
            return version <= Version
                ? applied
                : throw new DeliveryStoreException(
                    $"The delivery tables in the {location.Description} are of version {version}; this Carillon.Postgres knows up to {Version}. "
                    + "Nothing was changed. Install the version of Carillon.Postgres that made them, or a later one.");
        }
    }

    private static void Check(NpgsqlDataReader row, PostgresLocation location)
    {
        if (row.GetInt32(0) < OldestServer)
        {
            throw new DeliveryStoreException($"The {location.Description} is on PostgreSQL {row.GetString(1)}; Carillon.Postgres wants version 13 or later.");
        }

        if (row.GetBoolean(2))
        {
            throw new DeliveryStoreException(
                $"The {location.Description} can only be read: it is a standby, or default_transaction_read_only is set for this user or database. "
                + "Connect to the primary (Target Session Attributes=read-write in the connection string), or change the setting.");
        }

        if (row.GetString(3) != "read committed")
        {
            throw new DeliveryStoreException(
                $"Transactions in the {location.Description} are '{row.GetString(3)}' by default, and the store's have to be 'read committed', PostgreSQL's own default. "
                + "Say Options=-c default_transaction_isolation=read\\ committed in the connection string; your own transactions may be as you like.");
        }
    }

    // By what was applied and not by the highest number: another part of the store may have come first, or come later with a lower one.
    private static List<Migration> Missing(HashSet<int> applied) => [.. Migrations.Where(migration => !applied.Contains(migration.Version))];

    private static string Statements(List<Migration> missing, string schema)
    {
        var script = new StringBuilder(Begin);
        foreach (var migration in missing)
        {
            script.AppendLine(Read(migration.Script))
                .AppendLine(CultureInfo.InvariantCulture, $"INSERT INTO {{schema}}.migrations (version) VALUES ({migration.Version});")
                .AppendLine();
        }

        return SchemaName.Fill(script.ToString(), schema);
    }

    private static string Words(int version) => version == 0 ? "not there" : string.Create(CultureInfo.InvariantCulture, $"of version {version}");

    private static long LockOf(string schema) => StableHash.Of("carillon.migrations", schema);

    private static string Read(string migration)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(migration)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private readonly record struct Migration(int Version, string Script);
}
