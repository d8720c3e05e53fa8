using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Carillon.RabbitMq.Tests.Faults;

namespace Carillon.RabbitMq.Tests.Tls;

/// <summary>A broker with a certificate for <c>localhost</c>, which looks at those of its clients if they show one.</summary>
public sealed class TlsBroker : IAsyncLifetime
{
    private OwnBroker? _broker;

    internal TestAuthority Authority { get; } = new("Carillon test authority");

    internal int Port { get; } = FreePort();

    internal OwnBroker Broker => _broker!;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = Authority.IssueFiles("localhost");
        _broker = new OwnBroker(Authority.Write("tls.conf", string.Create(CultureInfo.InvariantCulture, $"""
            listeners.ssl.1 = 127.0.0.1:{Port}
            ssl_options.cacertfile = {Authority.File}
            ssl_options.certfile = {certificate}
            ssl_options.keyfile = {key}
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = false

            """)));
        await _broker.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        Authority.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
