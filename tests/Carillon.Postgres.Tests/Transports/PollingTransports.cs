using Carillon.Postgres;

namespace Carillon.Postgres.Tests.Transports;

/// <summary>As behind a proxy: nobody is told of anything, and no statement is prepared.</summary>
public sealed class PollingTransports : PostgresTransports
{
    protected override void Configure(PostgresTransportOptions options)
    {
        options.UseNotifications = false;
        options.UsePreparedStatements = false;
        options.PollInterval = TimeSpan.FromMilliseconds(50);
    }
}
