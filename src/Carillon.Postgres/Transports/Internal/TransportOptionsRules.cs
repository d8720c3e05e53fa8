namespace Carillon.Postgres.Transports.Internal;

/// <summary>What the options may say.</summary>
internal static class TransportOptionsRules
{
    /// <exception cref="CarillonConfigurationException">A value cannot be, or no database is named.</exception>
    internal static void Check(PostgresTransportOptions options)
    {
        if (options.DataSource is null && string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            throw new CarillonConfigurationException(
                "UsePostgresTransport wants a connection string, \"Host=db;Database=events;Username=shop\", or a data source: set PostgresTransportOptions.ConnectionString or DataSource.");
        }

        Check(options.PollInterval, "PollInterval", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        Check(options.ReceiverLease, "ReceiverLease", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }

    /// <summary>How to connect is said in one way.</summary>
    internal static PostgresOptions ForStore(PostgresTransportOptions options) => new()
    {
        ConnectionString = options.ConnectionString,
        DataSource = options.DataSource,
        Schema = options.Schema,
        ApplyMigrations = options.ApplyMigrations,
        UseNotifications = options.UseNotifications,
        NotificationConnectionString = options.NotificationConnectionString,
        UsePreparedStatements = options.UsePreparedStatements,
    };

    private static void Check(TimeSpan value, string name, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            throw new CarillonConfigurationException($"PostgresTransportOptions.{name} is {value}; it may be {least} to {most}.");
        }
    }
}
