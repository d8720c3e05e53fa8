using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Carillon.Tests;

/// <summary>An authority that nobody trusts, and what it issues, in files of a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-tls-");
    private readonly RSA _key = RSA.Create(2048);

    internal TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Certificate = request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
        File = Write("authority.pem", Certificate.ExportCertificatePem());
    }

    internal X509Certificate2 Certificate { get; }

    /// <summary>Its own certificate, as PEM.</summary>
    internal string File { get; }

    /// <summary>A certificate for a name: of a server, or of a client.</summary>
    internal X509Certificate2 Issue(string name, DateTimeOffset? until = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var issued = request.Create(Certificate, Now.AddDays(-20), until ?? Now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The same in two files, as PEM.</summary>
    internal (string Certificate, string Key) IssueFiles(string name)
    {
        using var issued = Issue(name);
        return (Write($"{name}.pem", issued.ExportCertificatePem()), Write($"{name}.key", issued.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>The same in one file, as PKCS #12.</summary>
    internal string IssueFile(string name, string password)
    {
        using var issued = Issue(name);
        var file = Path.Combine(_folder.FullName, $"{name}.p12");
        System.IO.File.WriteAllBytes(file, issued.Export(X509ContentType.Pkcs12, password));
        return file;
    }

    internal string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}
