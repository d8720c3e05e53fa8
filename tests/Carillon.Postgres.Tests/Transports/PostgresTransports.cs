using Carillon.Conformance.Transports;
using Carillon.Postgres.Transports;
using Carillon.Transports;

namespace Carillon.Postgres.Tests.Transports;

/// <summary>A schema of its own in the database of the tests.</summary>
public class PostgresTransports : TestTransports
{
    private readonly List<PostgresTransport> _open = [];

    internal PostgresPlace Place { get; } = new();

    public PostgresTransport Create(Action<PostgresTransportOptions>? configure = null)
    {
        var options = new PostgresTransportOptions { ConnectionString = PostgresPlace.ConnectionString, Schema = Place.Schema };
        Configure(options);
        configure?.Invoke(options);
        var transport = new PostgresTransport(options);
        _open.Add(transport);
        return transport;
    }

    public override async ValueTask<ITransport> OpenAsync() => await OpenAsync(null);

    public async ValueTask<PostgresTransport> OpenAsync(Action<PostgresTransportOptions>? configure)
    {
        var transport = Create(configure);
        await transport.PrepareAsync(TestContext.Current.CancellationToken);
        return transport;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var transport in _open)
        {
            await transport.DisposeAsync();
        }

        await Place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual void Configure(PostgresTransportOptions options)
    {
    }
}
