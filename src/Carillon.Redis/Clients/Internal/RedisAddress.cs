using System.Globalization;
using Carillon.Transports.Internal;

namespace Carillon.Redis.Clients.Internal;

/// <summary>Where the server is and who we are there.</summary>
internal sealed class RedisAddress
{
    private const int DefaultPort = 6379;
    private const string Looks = "It looks like \"queue:6379\", or \"redis://user:password@queue:6379/0\", or \"rediss://...\" with TLS";

    private RedisAddress(RedisOptions options, Uri uri)
    {
        // A literal address of IPv6 stands in brackets in a URI and without them for a socket.
        Host = uri.IdnHost.Trim('[', ']');
        Port = uri.Port > 0 ? uri.Port : DefaultPort;
        UseTls = options.UseTls || uri.Scheme == "rediss";
        var (user, password) = uri.UserInfo.Split(':', 2) is [var first, var second] ? (first, second) : (uri.UserInfo, string.Empty);
        User = options.User ?? NullIfEmpty(Uri.UnescapeDataString(user));
        Password = options.Password ?? NullIfEmpty(Uri.UnescapeDataString(password));
        Database = options.Database ?? DatabaseOf(uri);
        Certificates = new ServerCertificates(options.CertificateAuthorityFile, "RedisOptions.CertificateAuthorityFile");
    }

    internal string Host { get; }

    internal int Port { get; }

    internal bool UseTls { get; }

    internal string? User { get; }

    internal string? Password { get; }

    internal int Database { get; }

    internal ServerCertificates Certificates { get; }

    /// <summary>For messages: without credentials.</summary>
    internal string Description =>
        $"Redis at '{Host}:{Port.ToString(CultureInfo.InvariantCulture)}'" + (Database == 0 ? "" : $", database {Database.ToString(CultureInfo.InvariantCulture)}");

    /// <exception cref="CarillonConfigurationException">The options name no server.</exception>
    internal static RedisAddress Of(RedisOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Server))
        {
            throw new CarillonConfigurationException($"UseRedis wants a server: set RedisOptions.Server. {Looks}.");
        }

        // The text may have a password in it, so no message repeats it.
        var text = options.Server.Contains("://", StringComparison.Ordinal) ? options.Server : "redis://" + options.Server;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new CarillonConfigurationException($"RedisOptions.Server cannot be read. {Looks}; what is special in a user or password is escaped there (%40 for @), or said in RedisOptions.User and Password.");
        }

        var address = new RedisAddress(options, uri);
        return address.Database >= 0
            ? address
            : throw new CarillonConfigurationException($"RedisOptions.Server or Database names a database that is no number from 0 on. {Looks}.");
    }

    private static int DatabaseOf(Uri uri) => uri.AbsolutePath.Trim('/') switch
    {
        "" => 0,
        var path when int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => -1,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
