using Carillon.Postgres;
using Carillon.Postgres.Deliveries;
using Carillon.Postgres.Transports;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Carillon;

/// <summary>Chooses PostgreSQL.</summary>
public static class PostgresCarillonBuilderExtensions
{
    /// <summary>Keeps deliveries in the application's own PostgreSQL database, so that they are written in its transactions and any number of processes share them.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The connection string that the application uses itself, <c>Host=db;Database=shop;Username=shop</c>. It is checked when the host starts.
    /// </param>
    public static CarillonBuilder UsePostgres(this CarillonBuilder builder, string connectionString) =>
        builder.UsePostgres(options => options.ConnectionString = connectionString);

    /// <inheritdoc cref="UsePostgres(CarillonBuilder, string)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">The application's own data source, which it disposes of itself.</param>
    public static CarillonBuilder UsePostgres(this CarillonBuilder builder, NpgsqlDataSource dataSource) =>
        builder.UsePostgres(options => options.DataSource = dataSource);

    /// <inheritdoc cref="UsePostgres(CarillonBuilder, string)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Says where the database is, which schema the tables are in, whether there are notifications.</param>
    public static CarillonBuilder UsePostgres(this CarillonBuilder builder, Action<PostgresOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder.UseStore(static services => new PostgresDeliveryStore(
            services.GetRequiredService<IOptions<PostgresOptions>>().Value, services.GetRequiredService<TimeProvider>(), services.GetService<ILoggerFactory>()));
    }

    /// <summary>Carries events between applications by a PostgreSQL database that they share.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The database, <c>Host=db;Database=events;Username=shop</c>. It is checked when the host starts.</param>
    /// <param name="configure">How events leave and arrive, whatever the transport.</param>
    public static CarillonBuilder UsePostgresTransport(this CarillonBuilder builder, string connectionString, Action<TransportOptions>? configure = null) =>
        builder.UsePostgresTransport(options => options.ConnectionString = connectionString, configure);

    /// <inheritdoc cref="UsePostgresTransport(CarillonBuilder, string, Action{TransportOptions})"/>
    /// <param name="builder">The builder.</param>
    /// <param name="postgres">Says where the database is, which schema the tables are in, whether there are notifications.</param>
    /// <param name="configure">How events leave and arrive, whatever the transport.</param>
    public static CarillonBuilder UsePostgresTransport(
        this CarillonBuilder builder, Action<PostgresTransportOptions> postgres, Action<TransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(postgres);
        return builder.UseTransport(
            services =>
            {
                var options = new PostgresTransportOptions();
                postgres(options);
                return new PostgresTransport(options, services.GetRequiredService<TimeProvider>(), services.GetService<ILoggerFactory>());
            },
            configure);
    }
}
