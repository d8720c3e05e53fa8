using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carillon.Redis.Transports;
using Carillon.Transports;
using Carillon.Transports.Internal;

namespace Carillon.Redis.Tests.Transports;

/// <summary>Encrypted connections to a real server: who is trusted, and what is said of who is not.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string Secret = "s3cret";
    private const string Option = "RedisOptions.CertificateAuthorityFile";

    private readonly TestAuthority _authority = new("Carillon test authority");
    private readonly int _port = FreePort();
    private RedisServer? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = _authority.IssueFiles("localhost");
        _server = await RedisServer.StartAsync(
            $"--requirepass {Secret} --tls-port {_port} --tls-cert-file {certificate} --tls-key-file {key} --tls-ca-cert-file {_authority.File} --tls-auth-clients optional");
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Events_travel_encrypted_where_the_authority_of_the_server_is_trusted()
    {
        await using var transport = Create("localhost", options => options.CertificateAuthorityFile = _authority.File);

        await transport.PrepareAsync(Cancel);

        (await transport.PublishAsync(Outgoing(), Cancel)).ShouldBe(PublishResult.Unrouted);
    }

    [Fact]
    public async Task A_server_whose_authority_this_machine_does_not_trust_is_refused_and_the_option_is_named() =>
        (await RefusedAsync(Create("localhost"))).ShouldEndWith(
            $"Redis at 'localhost:{_port}': no encrypted connection came about: its certificate was issued by 'CN=Carillon test authority', which this machine does not trust. "
            + $"Set {Option} to a file with the certificate of that authority as PEM, or add it to those of the machine.");

    [Fact]
    public async Task A_server_of_another_authority_than_the_one_that_is_trusted_is_refused()
    {
        using var other = new TestAuthority("Another authority");

        (await RefusedAsync(Create("localhost", options => options.CertificateAuthorityFile = other.File))).ShouldContain($"which is not in {Option}.");
    }

    [Fact]
    public async Task A_server_with_a_certificate_for_another_name_is_refused_and_both_names_are_said() =>
        (await RefusedAsync(Create("127.0.0.1", options => options.CertificateAuthorityFile = _authority.File)))
            .ShouldEndWith("its certificate is for 'localhost', and not for '127.0.0.1'. Connect by a name that it has, or have it issued for this one.");

    [Fact]
    public async Task Whoever_checks_the_certificate_by_himself_is_all_that_checks_it()
    {
        await using var transport = Create("127.0.0.1", static options => options.ConfigureTls = static tls => tls.RemoteCertificateValidationCallback =
            static (_, shown, _, _) => shown?.Subject == "CN=localhost");

        await transport.PrepareAsync(Cancel);
    }

    [Fact]
    public async Task The_certificate_of_a_client_is_looked_at_by_the_server()
    {
        using var known = _authority.Issue("polls");
        await using var trusted = Create("localhost", options => (options.CertificateAuthorityFile, options.ConfigureTls) = (_authority.File, tls => tls.ClientCertificates = [known]));
        await trusted.PrepareAsync(Cancel);

        using var other = new TestAuthority("Another authority");
        using var stranger = other.Issue("polls");
        await RefusedAsync(Create("localhost", options => (options.CertificateAuthorityFile, options.ConfigureTls) = (_authority.File, tls => tls.ClientCertificates = [stranger])));
    }

    [Fact]
    public async Task What_goes_wrong_while_a_connection_is_made_is_told_as_a_failure_and_the_next_one_is_made_anew()
    {
        var times = 0;
        await using var transport = Create("localhost", options => (options.CertificateAuthorityFile, options.ConfigureTls) = (_authority.File, _ =>
        {
            if (Interlocked.Increment(ref times) == 1)
            {
                throw new CryptographicException("The file with the key is not there.");
            }
        }));

        (await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel))).Message.ShouldContain("The file with the key is not there.");
        await transport.PrepareAsync(Cancel);
    }

    [Fact]
    public void A_certificate_whose_names_cannot_be_read_is_refused_by_its_subject()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=strange", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x04, 0x01, 0x00], critical: false));
        using var shown = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var certificates = new ServerCertificates(null, Option);

        certificates.IsTrusted("localhost", shown, null, SslPolicyErrors.RemoteCertificateNameMismatch).ShouldBeFalse();

        certificates.Refusal!.ShouldStartWith("its certificate is for 'CN=strange', and not for 'localhost'.");
    }

    [Fact]
    public void A_file_of_authorities_that_cannot_be_read_is_told_of_at_once() =>
        Should.Throw<CarillonException>(() => Create("localhost", static options => options.CertificateAuthorityFile = "/nowhere.pem"))
            .Message.ShouldStartWith($"{Option} is '/nowhere.pem', which cannot be read: ");

    private RedisTransport Create(string host, Action<RedisOptions>? configure = null)
    {
        var options = new RedisOptions { Server = $"rediss://:{Secret}@{host}:{_port}" };
        configure?.Invoke(options);
        return new RedisTransport(options);
    }

    private static async Task<string> RefusedAsync(RedisTransport transport)
    {
        await using (transport)
        {
            var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));
            $"{exception} {transport.Description}".ShouldNotContain(Secret);
            return exception.Message;
        }
    }

    private static OutgoingEvent Outgoing() => new()
    {
        EventName = "poll.created",
        Id = Guid.CreateVersion7(),
        ContentType = "application/json",
        Headers = [],
        Body = "{}"u8.ToArray(),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
