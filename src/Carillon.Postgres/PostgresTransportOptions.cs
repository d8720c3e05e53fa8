using Npgsql;

namespace Carillon.Postgres;

/// <summary>Where PostgreSQL carries events between applications.</summary>
public sealed class PostgresTransportOptions
{
    /// <summary>
    /// The connection string of the database by which the applications are joined, <c>Host=db;Database=events;Username=shop</c>. It may be the one in which one of them
    /// keeps its deliveries. Required, unless <see cref="DataSource"/> is set.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>A data source of the application. It stays the application's to dispose of. Defaults to null: the transport makes one from <see cref="ConnectionString"/>.</summary>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>The schema of the tables: applications that exchange events have the same one. At most 40 letters, digits and underscores. Defaults to <c>carillon</c>.</summary>
    public string Schema { get; set; } = PostgresOptions.DefaultSchema;

    /// <summary>
    /// Whether the schema is created and brought up to date when the host starts. Defaults to true. With false the host does not start before somebody
    /// has applied what <see cref="PostgresMigrations.Script"/> says.
    /// </summary>
    public bool ApplyMigrations { get; set; } = true;

    /// <summary>
    /// Whether processes tell each other what they have published (LISTEN and NOTIFY), over two connections of their own. Defaults to true. Set it to false behind a
    /// proxy that pools by transaction, unless <see cref="NotificationConnectionString"/> goes past it: events are found by polling then.
    /// </summary>
    public bool UseNotifications { get; set; } = true;

    /// <summary>How to reach the same database past a proxy, for notifications alone. Defaults to null: as everything else.</summary>
    public string? NotificationConnectionString { get; set; }

    /// <summary>
    /// Whether statements are prepared, and the connections that the transport keeps set up for them. Defaults to true. Set it to false behind a proxy that pools by
    /// transaction and does not know of prepared statements.
    /// </summary>
    public bool UsePreparedStatements { get; set; } = true;

    /// <summary>How often a receiver that has nothing to do looks for events that nobody has told it of, from 10 milliseconds to an hour. Defaults to 1 second.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a receiver may be unheard of before others take over what it has in hand, from 1 second to a day. Defaults to 30 seconds; it tells of itself three times as
    /// often. Longer: a server or network that is away makes fewer events come twice. Shorter: what a process had that has crashed is taken over sooner.
    /// </summary>
    public TimeSpan ReceiverLease { get; set; } = TimeSpan.FromSeconds(30);
}
