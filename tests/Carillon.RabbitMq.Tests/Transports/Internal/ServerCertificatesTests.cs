using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Carillon.Transports.Internal;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

public sealed class ServerCertificatesTests : IDisposable
{
    private readonly TestAuthority _authority = new("An authority");

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_certificate_that_is_not_valid_any_more_is_told_with_its_time()
    {
        using var late = _authority.Issue("mq", until: new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddDays(-1));
        var certificates = new ServerCertificates(_authority.File, "Option");

        Look(certificates, "mq", late, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeFalse();

        certificates.Refusal!.ShouldStartWith("its certificate 'CN=mq' is valid from ");
        certificates.Refusal!.ShouldContain($" to {late.NotAfter.ToUniversalTime():u}. Have it renewed");
    }

    [Fact]
    public void Whoever_trusts_an_authority_trusts_those_of_the_machine_no_more()
    {
        using var other = new TestAuthority("Another authority");
        using var known = other.Issue("mq");
        var certificates = new ServerCertificates(_authority.File, "Option");

        // To the machine nothing is wrong with it.
        Look(certificates, "mq", known, SslPolicyErrors.None).ShouldBeFalse();

        certificates.Refusal.ShouldBe("its certificate was issued by 'CN=Another authority', which is not in Option. Set Option to a file with the certificate of that authority as PEM.");
    }

    [Fact]
    public void A_name_that_is_another_is_refused_though_its_authority_is_trusted()
    {
        using var known = _authority.Issue("mq");
        var certificates = new ServerCertificates(_authority.File, "Option");

        Look(certificates, "db", known, SslPolicyErrors.RemoteCertificateNameMismatch).ShouldBeFalse();
        certificates.Refusal!.ShouldStartWith("its certificate is for 'mq', and not for 'db'.");

        Look(certificates, "mq", known, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeTrue();
        certificates.Refusal.ShouldBeNull();
    }

    [Fact]
    public void What_shows_no_certificate_is_refused()
    {
        var certificates = new ServerCertificates(_authority.File, "Option");

        certificates.IsTrusted("mq", null, null, SslPolicyErrors.RemoteCertificateNotAvailable).ShouldBeFalse();

        certificates.Refusal!.ShouldContain("no certificate");
    }

    private static bool Look(ServerCertificates certificates, string host, X509Certificate2 shown, SslPolicyErrors errors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.Build(shown);
        return certificates.IsTrusted(host, shown, chain, errors);
    }
}
