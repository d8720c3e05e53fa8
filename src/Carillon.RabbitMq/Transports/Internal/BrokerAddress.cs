using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carillon.Transports.Internal;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Where the broker is, how to name it without credentials, and how to connect to it.</summary>
internal sealed class BrokerAddress
{
    // The largest message that any broker lets through. The client's own limit is lower, and would end the connection with each delivery of what is beyond it, for ever.
    private const uint LargestBody = 512 * 1024 * 1024;

    private readonly ConnectionFactory _factory;
    private readonly ServerCertificates _certificates;
    private readonly List<AmqpTcpEndpoint> _endpoints = [];

    private BrokerAddress(RabbitMqConnectionOptions options)
    {
        _certificates = new ServerCertificates(options.CertificateAuthorityFile, "RabbitMqOptions.Connection.CertificateAuthorityFile");
        _factory = new ConnectionFactory();
        if (options.Address is { } address)
        {
            _factory.Uri = new Uri(address);
            // With an address of this kind the client accepts a certificate for any name.
            _factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
            _factory.Ssl.ServerName = "";
        }

        _factory.VirtualHost = options.VirtualHost ?? _factory.VirtualHost;
        _factory.UserName = options.UserName ?? _factory.UserName;
        _factory.Password = options.Password ?? _factory.Password;
        _factory.Port = options.Port ?? _factory.Port;
        _factory.Ssl.Enabled = options.UseTls ?? _factory.Ssl.Enabled;
        _factory.MaxInboundMessageBodySize = LargestBody;
        options.Configure?.Invoke(_factory);
        _factory.AutomaticRecoveryEnabled = false;
        _factory.TopologyRecoveryEnabled = false;
        foreach (var host in (options.Hosts ?? _factory.HostName).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            _endpoints.Add(Endpoint(host));
        }

        var virtualHost = _factory.VirtualHost == "/" ? "" : $", virtual host '{_factory.VirtualHost}'";
        Description = $"RabbitMQ at {string.Join(" or ", _endpoints.Select(static endpoint => $"{endpoint.HostName}:{endpoint.Port}"))}{virtualHost}";
    }

    /// <summary>For messages: without credentials.</summary>
    internal string Description { get; }

    internal bool UsesTls => _endpoints[0].Ssl.Enabled;

    /// <summary>What was wrong with the certificate of the broker that was looked at last; null if nothing was.</summary>
    internal string? CertificateRefusal => _certificates.Refusal;

    /// <exception cref="CarillonConfigurationException">The options name no broker that could be.</exception>
    internal static BrokerAddress Of(RabbitMqConnectionOptions options)
    {
        try
        {
            return new BrokerAddress(options) is { _endpoints.Count: > 0 } address ? address : throw new FormatException("it names no host");
        }
        catch (Exception exception) when (exception is UriFormatException or ArgumentException or FormatException or OverflowException)
        {
            // The text itself has a password in it, and what the client says of it may have some of the text.
            throw new CarillonConfigurationException(
                "The address that UseRabbitMq was given cannot be read. It looks like \"amqp://user:password@host:5672/vhost\", or \"amqps://...\" for TLS; "
                + "what is special in a user, a password or a virtual host is percent-encoded, a / as %2F. RabbitMqOptions.Connection takes them as they are.");
        }
    }

    internal Task<IConnection> ConnectAsync(string purpose, CancellationToken cancellationToken) =>
        _factory.CreateConnectionAsync(_endpoints, $"carillon {purpose}", cancellationToken);

    private AmqpTcpEndpoint Endpoint(string host)
    {
        var port = _factory.Port;
        if (host.LastIndexOf(':') is > 0 and var colon && !host.EndsWith(']'))
        {
            port = int.Parse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            host = host[..colon];
        }

        // Each node is known by the name on its own certificate, unless one was given for all.
        var tls = _factory.Ssl;
        var name = string.IsNullOrEmpty(tls.ServerName) ? host : tls.ServerName;
        return new AmqpTcpEndpoint(host, port, new SslOption(name, tls.CertPath, tls.Enabled)
        {
            Version = tls.Version,
            Certs = ClientCertificates(tls),
            CertPassphrase = tls.CertPassphrase,
            CheckCertificateRevocation = tls.CheckCertificateRevocation,
            AcceptablePolicyErrors = tls.AcceptablePolicyErrors,
            CertificateSelectionCallback = tls.CertificateSelectionCallback,
            CertificateValidationCallback = tls.CertificateValidationCallback
                ?? ((_, certificate, chain, errors) => _certificates.IsTrusted(name, certificate, chain, errors & ~tls.AcceptablePolicyErrors)),
        }, LargestBody);
    }

    // The client reads the file when it is asked for them.
    private static X509CertificateCollection? ClientCertificates(SslOption tls)
    {
        try
        {
            return tls.Certs;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CarillonConfigurationException(
                $"The certificate of this client, '{tls.CertPath}', cannot be read: {exception.Message.TrimEnd('.')}. RabbitMqOptions.Connection.Configure sets it: Ssl.CertPath is a file of PKCS #12, Ssl.CertPassphrase its password.");
        }
    }
}
