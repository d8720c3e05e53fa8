using System.Net.Security;

namespace Carillon.Redis;

/// <summary>Where Redis is, and how events are kept in it.</summary>
public sealed class RedisOptions
{
    internal const string DefaultPrefix = "carillon";

    /// <summary>
    /// The server: <c>queue:6379</c>, or <c>redis://user:password@queue:6379/0</c>, or <c>rediss://...</c> with TLS. A user, a password and a database may also be said
    /// beside it. Required.
    /// </summary>
    public string Server { get; set; } = "";

    /// <summary>The user of the server's access control list. Null, the default: that of <see cref="Server"/>, or the default user.</summary>
    public string? User { get; set; }

    /// <summary>The password. Null, the default: that of <see cref="Server"/>, or none. Never written to a log or a message.</summary>
    public string? Password { get; set; }

    /// <summary>The number of the database. Null, the default: that of <see cref="Server"/>, or 0.</summary>
    public int? Database { get; set; }

    /// <summary>Whether the connection is encrypted. Defaults to false; <c>rediss://</c> says the same.</summary>
    public bool UseTls { get; set; }

    /// <summary>
    /// A file with the certificates, as PEM, of the authorities that may have issued the server's: these are trusted and no others. Read once, at start. It encrypts nothing by
    /// itself. Null, the default: those that the machine trusts.
    /// </summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>
    /// Says more of TLS, for each connection: a certificate of this client, another name of the server. One that checks the server's certificate by itself
    /// is all that checks it. Null, the default: nothing more is to be said.
    /// </summary>
    public Action<SslClientAuthenticationOptions>? ConfigureTls { get; set; }

    /// <summary>
    /// The prefix of all keys: applications that exchange events have the same one. 1 to 100 letters, digits, dots, hyphens and underscores. Defaults to <c>carillon</c>; the
    /// keys are <c>{carillon}:...</c>, so that a cluster keeps them together.
    /// </summary>
    public string Prefix { get; set; } = DefaultPrefix;

    /// <summary>
    /// How many events may wait in one subscription: beyond it the oldest are removed, done or not, and are lost to that subscription. 0, the default: any number. The server's
    /// memory is the bound then, and no event is ever removed that was not done.
    /// </summary>
    public int MaxWaiting { get; set; }

    /// <summary>
    /// How long a receiver may be unheard of before others take over what it has in hand, from 1 second to a day. Defaults to 30 seconds; it tells of itself three times as
    /// often. Longer: a server or network that is away makes fewer events come twice. Shorter: what a process had that has crashed is taken over sooner.
    /// </summary>
    public TimeSpan ReceiverLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to connect, TLS and authentication included, may take. Defaults to 5 seconds; more than 0, at most an hour.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may take to answer; then the connection is given up and made anew. Defaults to 10 seconds; more than 0, at most an hour.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
