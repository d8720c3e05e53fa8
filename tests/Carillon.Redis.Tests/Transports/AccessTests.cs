using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Transports;

namespace Carillon.Redis.Tests.Transports;

/// <summary>Who is let in, and how.</summary>
public sealed class AccessTests : IAsyncDisposable
{
    private const string Secret = "not/to be@seen";

    // As docs/redis.md says.
    private static readonly string[] Rights = ["+@connection", "+info", "+eval", "+evalsha", "+@stream", "+@hash", "+@list", "+@sortedset", "+time", "+unlink", "+pexpire", "+exists"];

    private readonly RedisTransports _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_user_with_the_rights_that_the_documentation_lists_can_do_everything()
    {
        var user = $"user-{_place.Prefix}";
        await RightsAsync(user, [$"~{{{_place.Prefix}}}*", .. Rights]);
        await using var transport = await _place.OpenAsync(options => (options.User, options.Password) = (user, Secret));
        var seen = new SemaphoreSlim(0);
        foreach (var key in (string?[])["all", null])
        {
            await using (await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"], Key = key, Ordered = true }, (incoming, _) =>
            {
                seen.Release();
                return new(incoming.Attempt == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.Zero, "once more") : ReceiveOutcome.DeadLetter("broken"));
            }, Cancel))
            {
                await transport.PublishAsync(Outgoing(), Cancel);
                await transport.PublishAsync(Outgoing(), Cancel);
                for (var time = 0; time < 4; time++)
                {
                    await seen.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
                }
            }
        }

        (await transport.DeadLetters.ReplayAsync("all", null, Cancel)).ShouldBe(2);
        (await transport.DeadLetters.DiscardAsync("all", null, Cancel)).ShouldBe(0);
        (await transport.DeleteSubscriptionAsync("all", Cancel)).ShouldBeTrue();
        await RedisTransports.SendAsync(new RedisCommand("ACL").Add("DELUSER").Add(user));
    }

    [Fact]
    public async Task A_user_without_the_right_is_told_which_and_what_to_do()
    {
        var user = $"user-{_place.Prefix}";
        await RightsAsync(user, ["~other*", .. Rights]);
        await using var transport = await _place.OpenAsync(options => (options.User, options.Password) = (user, Secret));

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PublishAsync(Outgoing(), Cancel));

        exception.Message.ShouldStartWith("Could not publish 'poll.created': Redis at '127.0.0.1:");
        exception.Message.ShouldContain("NOPERM");
        exception.Message.ShouldContain("Give the user the right");
        await RedisTransports.SendAsync(new RedisCommand("ACL").Add("DELUSER").Add(user));
    }

    [Fact]
    public async Task A_wrong_password_is_told_of_and_not_shown()
    {
        await using var transport = _place.Create(options => options.Server = $"redis://nobody:{Uri.EscapeDataString(Secret)}@{RedisTransports.Server}");

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));

        exception.Message.ShouldContain("WRONGPASS");
        exception.Message.ShouldContain("See RedisOptions.User and Password.");
        $"{exception} {transport.Description}".ShouldNotContain("seen");
    }

    [Fact]
    public async Task A_server_that_wants_a_password_says_so_at_the_start()
    {
        await using var server = await RedisServer.StartAsync("--requirepass secret");
        await using var without = new RedisTransport(new RedisOptions { Server = server.Address });
        (await Should.ThrowAsync<TransportException>(async () => await without.PrepareAsync(Cancel))).Message.ShouldContain("Set RedisOptions.Password");

        await using var with = new RedisTransport(new RedisOptions { Server = server.Address, Password = "secret", Database = 3 });
        await with.PrepareAsync(Cancel);
        with.Description.ShouldBe($"Redis at '{server.Address}', database 3");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_of()
    {
        await using var transport = _place.Create(options => options.Server = "127.0.0.1:1");

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));

        exception.Message.ShouldContain("Redis at '127.0.0.1:1'");
        exception.Message.ShouldContain("See that the server runs");
    }

    [Fact]
    public async Task The_connection_is_encrypted_if_the_server_wants_it_and_its_certificate_is_checked()
    {
        using var certificate = NewCertificate();
        var folder = Directory.CreateTempSubdirectory("carillon-redis-tls");
        var (file, key) = (Path.Combine(folder.FullName, "certificate"), Path.Combine(folder.FullName, "key"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(key, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), Cancel);
        var port = FreePort();
        await using var server = await RedisServer.StartAsync($"--tls-port {port} --tls-cert-file {file} --tls-key-file {key} --tls-ca-cert-file {file} --tls-auth-clients no");

        await using var strict = new RedisTransport(new RedisOptions { Server = $"rediss://127.0.0.1:{port}" });
        (await Should.ThrowAsync<TransportException>(async () => await strict.PrepareAsync(Cancel))).Message.ShouldContain("RedisOptions.ConfigureTls");

        await using var trusting = new RedisTransport(new RedisOptions { Server = $"127.0.0.1:{port}", UseTls = true, ConfigureTls = Trust });
        await trusting.PrepareAsync(Cancel);
        (await trusting.PublishAsync(Outgoing(), Cancel)).ShouldBe(PublishResult.Unrouted);
        folder.Delete(recursive: true);

        void Trust(SslClientAuthenticationOptions tls) => tls.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
    }

    private static async Task RightsAsync(string user, string[] rights) =>
        await RedisTransports.SendAsync(rights.Aggregate(new RedisCommand("ACL").Add("SETUSER").Add(user).Add("on").Add($">{Secret}"), static (sum, right) => sum.Add(right)));

    private static OutgoingEvent Outgoing() => new()
    {
        EventName = "poll.created",
        Id = Guid.CreateVersion7(),
        Key = "a",
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes("{}"),
    };

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
