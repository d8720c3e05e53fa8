using Npgsql;

namespace Carillon.Postgres;

/// <summary>Where deliveries live in PostgreSQL.</summary>
public sealed class PostgresOptions
{
    internal const string DefaultSchema = "carillon";

    /// <summary>
    /// The connection string of the application's own database, <c>Host=db;Database=shop;Username=shop</c>. Required, unless <see cref="DataSource"/> is set.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The application's own data source: how to connect, and what a password comes from, is said once. It stays the application's to dispose of.
    /// Defaults to null: the store makes one from <see cref="ConnectionString"/>. The host does not start with both.
    /// </summary>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>The schema of the store's tables, which is its alone: two applications in one database have two. At most 40 letters, digits and underscores. Defaults to <c>carillon</c>.</summary>
    public string Schema { get; set; } = DefaultSchema;

    /// <summary>
    /// Whether the schema is created and brought up to date when the host starts. Defaults to true. With false the host does not start before somebody
    /// has applied what <see cref="PostgresMigrations.Script"/> says.
    /// </summary>
    public bool ApplyMigrations { get; set; } = true;

    /// <summary>
    /// Whether processes tell each other what they have written (LISTEN and NOTIFY), over two connections of their own. Defaults to true. Set it to false behind a
    /// proxy that pools by transaction, which loses notifications, unless <see cref="NotificationConnectionString"/> goes past it: the others find what was
    /// written when they poll.
    /// </summary>
    public bool UseNotifications { get; set; } = true;

    /// <summary>How to reach the same database past a proxy, for notifications alone. Defaults to null: as everything else.</summary>
    public string? NotificationConnectionString { get; set; }

    /// <summary>
    /// Whether statements are prepared, and the connections that the store keeps set up for them. Defaults to true. Set it to false behind a proxy that pools by
    /// transaction and does not know of prepared statements.
    /// </summary>
    public bool UsePreparedStatements { get; set; } = true;
}
