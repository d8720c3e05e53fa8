using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Carillon.Transports.Internal;

/// <summary>Whose certificates a transport trusts, and what was wrong with one that it did not, in words that name the mend.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class ServerCertificates
{
    // That the certificate is one of a server.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection? _authorities;
    private readonly string _option;
    private volatile string? _refusal;

    /// <param name="file">A file of PEM certificates of the authorities that are trusted instead of the machine's; null for those.</param>
    /// <param name="option">The name of the option that says so.</param>
    /// <exception cref="CarillonConfigurationException">There are no certificates in the file.</exception>
    internal ServerCertificates(string? file, string option)
    {
        _option = option;
        _authorities = file is null ? null : Load(file, option);
    }

    /// <summary>What was wrong with the last certificate that was looked at; null if nothing was.</summary>
    internal string? Refusal => _refusal;

    /// <summary>Looks at a certificate.</summary>
    /// <param name="host">By what name the server is known here.</param>
    /// <param name="certificate">What it has shown.</param>
    /// <param name="chain">What the runtime has made of it.</param>
    /// <param name="errors">What the runtime says.</param>
    internal bool IsTrusted(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        (_refusal = FaultOf(host, certificate, chain, errors)) is null;

    private static X509Certificate2Collection Load(string file, string option)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CarillonConfigurationException($"{option} is '{file}', which cannot be read: {exception.Message} It is a file of certificates as PEM.", exception);
        }

        return found.Count > 0
            ? found
            : throw new CarillonConfigurationException($"{option} is '{file}', in which there is no certificate. It is a file of certificates as PEM: -----BEGIN CERTIFICATE-----.");
    }

    private string? FaultOf(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it has shown no certificate. See that the port is the one for TLS.";
        }

        using var shown = new X509Certificate2(certificate);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate is for {Names(shown)}, and not for '{host}'. Connect by a name that it has, or have it issued for this one.";
        }

        if (_authorities is null)
        {
            return errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? FaultOf(shown, chain) : null;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null)
        {
            // What stands between the two has come with it.
            own.ChainPolicy.RevocationMode = chain.ChainPolicy.RevocationMode;
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
            foreach (var between in chain.ChainElements)
            {
                own.ChainPolicy.ExtraStore.Add(between.Certificate);
            }
        }

        return own.Build(shown) ? null : FaultOf(shown, own);
    }

    private string FaultOf(X509Certificate2 shown, X509Chain? chain)
    {
        var status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (all, each) => all | each.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            // Its own, or that of one of those who have issued it.
            var late = chain!.ChainElements.FirstOrDefault(static element => element.ChainElementStatus.Any(static each => each.Status == X509ChainStatusFlags.NotTimeValid))?.Certificate ?? shown;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"its certificate '{late.Subject}' is valid from {late.NotBefore.ToUniversalTime():u} to {late.NotAfter.ToUniversalTime():u}. Have it renewed, and see the clock of this machine.");
        }

        return (status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0
            ? $"its certificate was issued by '{shown.Issuer}', which {(_authorities is null ? "this machine does not trust" : $"is not in {_option}")}. Set {_option} to a file with the certificate of that authority as PEM{(_authorities is null ? ", or add it to those of the machine" : "")}."
            : $"its certificate is not valid: {string.Join(" ", (chain?.ChainStatus ?? []).Select(static each => each.StatusInformation.TrimEnd('.') + "."))} Have another one issued.";
    }

    private static string Names(X509Certificate2 shown)
    {
        try
        {
            var names = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(static names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(static address => address.ToString())))
                .Select(static name => $"'{name}'")
                .ToList();
            return names.Count > 0 ? string.Join(", ", names) : $"'{shown.Subject}'";
        }
        catch (CryptographicException)
        {
            // Whoever has issued it can write anything.
            return $"'{shown.Subject}'";
        }
    }
}
