using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>Where deliveries live in SQLite, and how careful the store is.</summary>
public sealed class SqliteOptions
{
    internal const SqliteSynchronous DefaultSynchronous = SqliteSynchronous.Full;
    internal static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The connection string of the application's own database, <c>Data Source=polls.db</c>. The tables are made in it; the file is switched to
    /// write-ahead logging. Required; a database in memory is refused.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// How long the store waits while another connection writes, before it gives up with a <see cref="Carillon.Deliveries.DeliveryStoreException"/>.
    /// Raise it if the application keeps long write transactions open. From zero, which does not wait, to one day. Defaults to 5 seconds.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = DefaultBusyTimeout;

    /// <summary>
    /// What the store's own commits wait for. Those of the application follow the settings of its connections. Defaults to
    /// <see cref="SqliteSynchronous.Full"/>: what was dispatched survives a power cut.
    /// </summary>
    public SqliteSynchronous Synchronous { get; set; } = DefaultSynchronous;

    /// <summary>
    /// Called with each connection that the store opens (one that writes, a few that read, those of transactional listeners), before it is used: for a key or a
    /// pragma of your own. A connection from the driver's pool comes here each time that it is taken from it. Defaults to null.
    /// </summary>
    public Action<SqliteConnection>? ConnectionOpened { get; set; }
}
