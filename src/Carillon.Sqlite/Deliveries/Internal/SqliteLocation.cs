using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Where the database is and how its connections are opened. Checked when it is made.</summary>
internal sealed class SqliteLocation
{
    private static readonly TimeSpan MaxBusyTimeout = TimeSpan.FromDays(1);

    private readonly string _connectionString;
    private readonly string _applicationsConnectionString;
    private readonly SqliteSynchronous _synchronous;
    private readonly Action<SqliteConnection>? _opened;

    // The driver finds SQLite by reflection, which trimming may have cut off.
    static SqliteLocation() => Batteries_V2.Init();

    /// <exception cref="CarillonConfigurationException">The options do not name a database that deliveries can live in.</exception>
    internal SqliteLocation(SqliteOptions options)
    {
        var connection = Parse(options.ConnectionString);
        CheckOptions(options);
        DataSource = connection.DataSource;
        _applicationsConnectionString = connection.ToString();

        // A connection of our own: not taken from the application's pool, whose settings are not ours, and without the shared cache, in which a
        // reader can be locked out by a writer.
        connection.Pooling = false;
        connection.Cache = SqliteCacheMode.Default;
        _connectionString = connection.ToString();
        FullPath = Path.GetFullPath(connection.DataSource);
        _synchronous = options.Synchronous;
        _opened = options.ConnectionOpened;
        BusyTimeout = options.BusyTimeout;
    }

    internal string DataSource { get; }

    /// <summary>The file as SQLite names it, without symbolic links, once a connection was open.</summary>
    internal string FullPath { get; private set; }

    internal TimeSpan BusyTimeout { get; }

    internal string Description => $"SQLite database '{DataSource}'";

    /// <summary>A session whose statements do not wait by themselves; <see cref="SqliteStatement.ExecuteWhenUnlocked"/> does.</summary>
    internal SqliteSession OpenWriter()
    {
        var session = Open($"PRAGMA synchronous = {(int)_synchronous}");
        raw.sqlite3_busy_timeout(session.Database, 0);
        return session;
    }

    /// <summary>A session that only reads. Its statements do not wait by themselves; <see cref="SqliteReader"/> does.</summary>
    internal SqliteSession OpenReader()
    {
        var session = Open("PRAGMA query_only = 1");
        raw.sqlite3_busy_timeout(session.Database, 0);
        return session;
    }

    /// <summary>A connection as the application opens it, with its pool and the driver's settings.</summary>
    internal SqliteConnection OpenAsTheApplication()
    {
        var connection = new SqliteConnection(_applicationsConnectionString);
        try
        {
            connection.Open();
            _opened?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether what a connection of the application commits outlives what the store's own writes outlive. It may have been set since the last time.</summary>
    internal bool IsDurable(SqliteSession session)
    {
        // Read as it is prepared, and so it cannot be kept.
        using var synchronous = new SqliteStatement(session.Database, "PRAGMA synchronous");
        return synchronous.ReadLong() >= (int)_synchronous;
    }

    internal bool IsAt(string path) =>
        string.Equals(path, FullPath, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static SqliteConnectionStringBuilder Parse(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new CarillonConfigurationException(
                "UseSqlite has no connection string. Name the application's database, \"Data Source=app.db\", or use UseInMemory().");
        }

        SqliteConnectionStringBuilder connection;
        try
        {
            connection = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // The string itself may hold a password and stays out of the message.
            throw new CarillonConfigurationException(
                $"The connection string given to UseSqlite cannot be read: {exception.Message} It should look like \"Data Source=app.db\".", exception);
        }

        if (IsInMemory(connection))
        {
            throw new CarillonConfigurationException(
                $"The connection string given to UseSqlite, with the data source '{connection.DataSource}', names no file: "
                + "SQLite would keep such a database for one connection only. "
                + "Name a file, \"Data Source=app.db\", or keep deliveries in memory with UseInMemory().");
        }

        return connection;
    }

    private static bool IsInMemory(SqliteConnectionStringBuilder connection) =>
        connection.Mode == SqliteOpenMode.Memory
        || string.IsNullOrWhiteSpace(connection.DataSource)
        || connection.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
        || (connection.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            && connection.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase));

    private static void CheckOptions(SqliteOptions options)
    {
        if (options.BusyTimeout < TimeSpan.Zero || options.BusyTimeout > MaxBusyTimeout)
        {
            throw new CarillonConfigurationException($"SqliteOptions.BusyTimeout is {options.BusyTimeout}. Set it to something from zero to one day.");
        }

        if (!Enum.IsDefined(options.Synchronous))
        {
            throw new CarillonConfigurationException($"SqliteOptions.Synchronous is {options.Synchronous}. Set it to Normal or Full.");
        }
    }

    private SqliteSession Open(string pragma)
    {
        var connection = new SqliteConnection(_connectionString);
        SqliteSession? session = null;
        try
        {
            connection.Open();
            // Whoever only reads is locked out for moments: while another process changes the journal mode, or recovers the log after a crash.
            raw.sqlite3_busy_timeout(connection.Handle!, (int)BusyTimeout.TotalMilliseconds);
            _opened?.Invoke(connection);
            FullPath = connection.DataSource;
            session = new SqliteSession(connection, isOurs: true);
            session.Execute(pragma);
            return session;
        }
        catch
        {
            session?.Dispose();
            connection.Dispose();
            throw;
        }
    }
}
