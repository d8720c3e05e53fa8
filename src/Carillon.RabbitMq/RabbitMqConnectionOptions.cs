using RabbitMQ.Client;

namespace Carillon.RabbitMq;

/// <summary>How the broker is reached. What is set here goes before what the address says.</summary>
public sealed class RabbitMqConnectionOptions
{
    /// <summary>
    /// Where the broker is and who we are there: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for TLS. Kept out of logs and messages. Defaults to null: the
    /// properties below say it.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>The host, or several nodes of a cluster, parted by commas, each with its port or without: <c>mq1,mq2:5673</c>. Defaults to null: that of the address, or <c>localhost</c>.</summary>
    public string? Hosts { get; set; }

    /// <summary>The port of hosts that name none. Defaults to null: that of the address, or 5672, with TLS 5671.</summary>
    public int? Port { get; set; }

    /// <summary>The virtual host. Defaults to null: that of the address, or <c>/</c>.</summary>
    public string? VirtualHost { get; set; }

    /// <summary>The user. Defaults to null: that of the address, or <c>guest</c>.</summary>
    public string? UserName { get; set; }

    /// <summary>The password. Kept out of logs and messages. Defaults to null: that of the address, or <c>guest</c>.</summary>
    public string? Password { get; set; }

    /// <summary>Whether the connection is encrypted and the certificate of the broker checked. Defaults to null: as the address says, or not.</summary>
    public bool? UseTls { get; set; }

    /// <summary>
    /// A file with the certificates, as PEM, of the authorities that may have issued the broker's: these are trusted and no others. Read once, at start. It encrypts nothing by
    /// itself. Defaults to null: those that the machine trusts.
    /// </summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>
    /// Sets what is left on the factory of RabbitMQ's own client, last: a certificate of this client, heartbeats, a provider of credentials. Its own recovery stays off, since
    /// Carillon connects again by itself. Defaults to null.
    /// </summary>
    public Action<ConnectionFactory>? Configure { get; set; }
}
