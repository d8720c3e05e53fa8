using System.Security.Authentication;
using Carillon.Transports;

namespace Carillon.Redis.Clients.Internal;

/// <summary>What the server answered, or that it did not, in words that say what to do.</summary>
internal static class RedisFault
{
    internal static bool IsFault(Exception exception) => exception is RedisServerException or RedisConnectionException or RespException or ObjectDisposedException;

    /// <summary>
    /// Whether the server is not, or not yet, the one to speak to: it has become a replica of another, where the name may lead by now. The connection does not end by that.
    /// </summary>
    internal static bool IsOfReplica(Exception? exception) => exception is RedisServerException answer
        && (answer.Is("READONLY") || answer.Is("MASTERDOWN") || answer.Is("LOADING") || answer.Is("UNBLOCKED"));

    /// <param name="what">What was to be done: <c>publish 'poll.created'</c>.</param>
    /// <param name="server">Which server.</param>
    /// <param name="cause">What came of it.</param>
    internal static TransportException Explain(string what, string server, Exception cause) => cause switch
    {
        RedisServerException answer => new($"Could not {what}: {server} answered '{answer.Message}'. {Mend(answer)}", cause),
        ObjectDisposedException => new($"Could not {what}: the transport to {server} is closed. The host is stopping.", cause),
        // Nothing was sent; the mend is said with what is wrong.
        RedisConnectionException { InnerException: AuthenticationException } refused => new($"Could not {what}: {server}: no encrypted connection came about: {refused.Message.TrimEnd('.')}.", cause),
        _ => new($"Could not {what}: {server}: {cause.Message.TrimEnd('.')}. Whether it has happened is not known. {MendConnection(cause)}", cause),
    };

    private static string Mend(RedisServerException answer) => answer switch
    {
        _ when answer.Is("NOAUTH") => "Set RedisOptions.Password, and User if the server has users.",
        _ when answer.Is("WRONGPASS") => "See RedisOptions.User and Password.",
        _ when answer.Is("NOPERM") => "Give the user the right to it, and to the keys '~{prefix}*': docs/redis.md lists what is needed.",
        _ when answer.Is("OOM") => "The server has no memory left: give it more, receive what waits, or set RedisOptions.MaxWaiting.",
        _ when answer.Is("READONLY") || answer.Is("MASTERDOWN") || answer.Is("UNBLOCKED") => "This is a replica: connect to the primary. The next call connects anew, in case another server has the name by then.",
        _ when answer.Is("MISCONF") => "The server cannot write to its disk: see its log.",
        _ when answer.Is("LOADING") => "The server is reading its files after a start: try again in a moment.",
        _ when answer.Is("BUSY") => "Another script holds the server up: see SCRIPT KILL.",
        _ when answer.Is("MOVED") || answer.Is("ASK") || answer.Is("CROSSSLOT") => "This is a node of a cluster that does not have the keys: name the node that has them; clusters are not followed.",
        _ => "See the server's log.",
    };

    private static string MendConnection(Exception cause) => cause switch
    {
        RespException => "See that RedisOptions.Server names a Redis server, and that TLS is on where the server wants it and off where not.",
        _ => "See that the server runs, that the host and the port are right, and that a firewall lets them through.",
    };
}
