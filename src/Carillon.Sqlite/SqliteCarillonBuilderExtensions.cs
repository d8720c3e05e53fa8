using Carillon.Sqlite;
using Carillon.Sqlite.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon;

/// <summary>Chooses SQLite.</summary>
public static class SqliteCarillonBuilderExtensions
{
    /// <summary>Keeps deliveries in the application's own SQLite database, so that they are written in its transactions and survive the process.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The connection string that the application uses itself, <c>Data Source=polls.db</c>. It is checked when the host starts.
    /// </param>
    public static CarillonBuilder UseSqlite(this CarillonBuilder builder, string connectionString) =>
        builder.UseSqlite(options => options.ConnectionString = connectionString);

    /// <inheritdoc cref="UseSqlite(CarillonBuilder, string)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Says where the database is, how long to wait for its lock, what a commit waits for.</param>
    public static CarillonBuilder UseSqlite(this CarillonBuilder builder, Action<SqliteOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder.UseStore(static services => new SqliteDeliveryStore(
            services.GetRequiredService<IOptions<SqliteOptions>>().Value, services.GetService<ILoggerFactory>()));
    }
}
