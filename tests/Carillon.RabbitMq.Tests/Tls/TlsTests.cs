using System.Globalization;
using System.Text;
using Carillon.RabbitMq.Tests.Faults;
using Carillon.RabbitMq.Transports;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Tls;

/// <summary>Encrypted connections to a real broker: who is trusted, and what is said of who is not.</summary>
public sealed class TlsTests(TlsBroker broker) : IClassFixture<TlsBroker>, IAsyncDisposable
{
    private const string Secret = "s3cret";
    private const string Option = "RabbitMqOptions.Connection.CertificateAuthorityFile";

    private readonly LogSignals _log = new();
    private readonly List<RabbitMqTransport> _opened = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _opened)
        {
            await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task Events_travel_encrypted_where_the_authority_of_the_broker_is_trusted()
    {
        var transport = Create("localhost", options => options.CertificateAuthorityFile = broker.Authority.File);
        await transport.PrepareAsync(Cancel);
        var arrived = new TaskCompletionSource<string>();
        await using var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"] }, (incoming, _) =>
        {
            arrived.TrySetResult(Encoding.UTF8.GetString(incoming.Body.Span));
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

        (await transport.PublishAsync(Traffic.Event("poll.created", "sealed"), Cancel)).ShouldBe(PublishResult.Routed);

        (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe("sealed");
        // Each is encrypted, and none has another port.
        (await broker.Broker.AskAsync("list_connections", "port", "ssl", "--no-table-headers", "--quiet")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ShouldBe([$"{broker.Port}\ttrue", $"{broker.Port}\ttrue"]);
    }

    [Fact]
    public async Task A_broker_whose_authority_this_machine_does_not_trust_is_refused_and_the_option_is_named()
    {
        var message = await RefusedAsync(Create("localhost"));

        message.ShouldBe(
            $"Could not connect to RabbitMQ at localhost:{broker.Port}, to publish: its certificate was issued by 'CN=Carillon test authority', which this machine does not trust. "
            + $"Set {Option} to a file with the certificate of that authority as PEM, or add it to those of the machine.");
    }

    [Fact]
    public async Task A_broker_of_another_authority_than_the_one_that_is_trusted_is_refused()
    {
        using var other = new TestAuthority("Another authority");

        var message = await RefusedAsync(Create("localhost", options => options.CertificateAuthorityFile = other.File));

        message.ShouldContain($"was issued by 'CN=Carillon test authority', which is not in {Option}.");
    }

    [Fact]
    public async Task A_broker_with_a_certificate_for_another_name_is_refused_and_both_names_are_said()
    {
        var message = await RefusedAsync(Create("127.0.0.1", options => options.CertificateAuthorityFile = broker.Authority.File));

        message.ShouldEndWith("its certificate is for 'localhost', and not for '127.0.0.1'. Connect by a name that it has, or have it issued for this one.");
    }

    [Fact]
    public async Task Hosts_beside_an_address_have_to_have_their_own_names()
    {
        var message = await RefusedAsync(Create("localhost", options => (options.CertificateAuthorityFile, options.Hosts) = (broker.Authority.File, "127.0.0.1")));

        message.ShouldContain("is for 'localhost', and not for '127.0.0.1'.");
    }

    [Fact]
    public async Task A_name_that_is_said_for_the_certificate_is_the_one_that_is_looked_for()
    {
        var transport = Create("127.0.0.1", options => (options.CertificateAuthorityFile, options.Configure) = (broker.Authority.File, static factory => factory.Ssl.ServerName = "localhost"));

        await transport.PrepareAsync(Cancel);
    }

    [Fact]
    public async Task The_certificate_of_a_client_is_shown_to_the_broker()
    {
        var file = broker.Authority.IssueFile("polls", Secret);
        var transport = Create("localhost", options => (options.CertificateAuthorityFile, options.Configure) = (broker.Authority.File, factory => (factory.Ssl.CertPath, factory.Ssl.CertPassphrase) = (file, Secret)));

        await transport.PrepareAsync(Cancel);

        (await broker.Broker.AskAsync("list_connections", "peer_cert_subject", "--no-table-headers", "--quiet")).ShouldContain("CN=polls");
    }

    [Fact]
    public async Task The_certificate_of_a_client_that_the_broker_does_not_trust_is_told_of()
    {
        using var other = new TestAuthority("Another authority");
        var file = other.IssueFile("polls", Secret);

        var message = await RefusedAsync(Create("localhost", options => (options.CertificateAuthorityFile, options.Configure) = (broker.Authority.File, factory => (factory.Ssl.CertPath, factory.Ssl.CertPassphrase) = (file, Secret))));

        message.ShouldContain("whether the broker wants a certificate of this client, and trusts the one that it is shown");
    }

    [Fact]
    public async Task A_connection_without_TLS_to_a_port_that_wants_it_is_told_of()
    {
        var message = await RefusedAsync(Create("localhost", options => (options.Address, options.CertificateAuthorityFile) = (options.Address!.Replace("amqps", "amqp", StringComparison.Ordinal), broker.Authority.File)));

        message.ShouldContain("the address begins with amqps://");
    }

    [Fact]
    public async Task A_connection_with_TLS_to_a_port_without_it_is_told_of()
    {
        var port = new Uri(broker.Broker.Address).Port;

        var message = await RefusedAsync(Create("localhost", options => (options.Port, options.CertificateAuthorityFile) = (port, broker.Authority.File)));

        message.ShouldContain("See that the port is the one for TLS (5671)");
    }

    [Fact]
    public void A_file_of_authorities_that_cannot_be_read_or_has_none_is_told_of_at_once()
    {
        Should.Throw<CarillonException>(() => Create("localhost", static options => options.CertificateAuthorityFile = "/nowhere.pem"))
            .Message.ShouldStartWith($"{Option} is '/nowhere.pem', which cannot be read: ");
        var empty = broker.Authority.Write("empty.pem", "nothing");
        Should.Throw<CarillonException>(() => Create("localhost", options => options.CertificateAuthorityFile = empty))
            .Message.ShouldBe($"{Option} is '{empty}', in which there is no certificate. It is a file of certificates as PEM: -----BEGIN CERTIFICATE-----.");
    }

    [Fact]
    public void A_certificate_of_this_client_that_cannot_be_read_is_told_of_at_once_without_its_password()
    {
        var file = broker.Authority.IssueFile("locked", "another password");

        var exception = Should.Throw<CarillonException>(() => Create("localhost", options => options.Configure = factory => (factory.Ssl.CertPath, factory.Ssl.CertPassphrase) = (file, Secret)));

        exception.Message.ShouldStartWith($"The certificate of this client, '{file}', cannot be read: ");
        exception.ToString().ShouldNotContain(Secret);
    }

    private RabbitMqTransport Create(string host, Action<RabbitMqConnectionOptions>? configure = null)
    {
        var options = new RabbitMqOptions { Exchange = "tls" };
        options.Connection.Address = string.Create(CultureInfo.InvariantCulture, $"amqps://guest:guest@{host}:{broker.Port}");
        configure?.Invoke(options.Connection);
        var transport = new RabbitMqTransport(options, loggers: _log);
        _opened.Add(transport);
        return transport;
    }

    /// <summary>Why it is not connected. The password is the broker's default: what must not be seen is that anybody's is.</summary>
    private async Task<string> RefusedAsync(RabbitMqTransport transport)
    {
        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));

        foreach (var text in _log.Written.Append(exception.ToString()).Append(transport.Description))
        {
            text.ShouldNotContain("guest");
            text.ShouldNotContain(Secret);
        }

        return exception.Message;
    }
}
