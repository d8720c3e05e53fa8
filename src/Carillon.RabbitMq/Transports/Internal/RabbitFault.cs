using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Carillon.Transports;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What RabbitMQ answered, or that it did not, in words that say what to do.</summary>
internal static class RabbitFault
{
    internal const ushort AccessRefused = 403;
    internal const ushort NotFound = 404;
    internal const ushort PreconditionFailed = 406;
    private const ushort NotAllowed = 530;

    /// <summary>
    /// Whether it is RabbitMQ or the way to it that failed, and not the code that called. The client cancels what has waited too long for an answer, and has a closed queue of its own for whoever
    /// writes in the moment in which it ends a connection.
    /// </summary>
    internal static bool IsFault(Exception exception, CancellationToken cancellationToken) =>
        exception is RabbitMQClientException or IOException or SocketException or TimeoutException or AuthenticationException or ObjectDisposedException or ChannelClosedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether there is no queue or exchange of this name.</summary>
    internal static bool IsNotFound(Exception exception) => exception is OperationInterruptedException { ShutdownReason.ReplyCode: NotFound };

    /// <param name="what">What was to be done: <c>publish 'poll.created'</c>.</param>
    /// <param name="address">Where.</param>
    /// <param name="cause">What came of it.</param>
    internal static TransportException Explain(string what, BrokerAddress address, Exception cause)
    {
        var start = $"Could not {what} at {address.Description}: ";
        var unreached = $"Could not connect to {address.Description}, to {what}: ";
        return cause switch
        {
            OperationInterruptedException { ShutdownReason: { } reason } => new($"{start}{Answer(reason)}", cause),
            BrokerUnreachableException when Inner<AuthenticationFailureException>(cause) || Inner<PossibleAuthenticationFailureException>(cause) =>
                new($"{unreached}the broker does not let this user in. See the user and the password in the address, and that the user 'guest' may come from the broker's own machine only.", cause),
            BrokerUnreachableException when Inner<AuthenticationException>(cause) && address.CertificateRefusal is { } refusal => new($"{unreached}{refusal}", cause),
            BrokerUnreachableException when Inner<AuthenticationException>(cause) =>
                new($"{unreached}no encrypted connection came about: {Innermost(cause)}. See that the port is the one for TLS (5671), and whether the broker wants a certificate of this client, and trusts the one that it is shown.", cause),
            BrokerUnreachableException when IsEnded(cause) =>
                new($"{unreached}the broker, or what is in its place, has ended the connection before it let this client in: {Innermost(cause)}. See that the broker runs, {(address.UsesTls
                    ? "whether the port is the one for TLS (5671), and whether the broker wants a certificate of this client, and trusts the one that it is shown"
                    : "whether the port is one for TLS: then the address begins with amqps://, or RabbitMqOptions.Connection.UseTls is set")}.", cause),
            BrokerUnreachableException or SocketException =>
                new($"{unreached}{Innermost(cause)}. See that the broker runs, that the host and the port are right, and that a firewall lets them through.", cause),
            OperationCanceledException or TimeoutException => new($"{start}the broker did not answer in time. See its log, and whether it is short of memory or disk.", cause),
            _ => new($"{start}{Innermost(cause)}. See the broker's log and the network in between.", cause),
        };
    }

    /// <summary>Why a connection or a channel was ended, with what to do about it.</summary>
    internal static string Answer(ShutdownEventArgs reason)
    {
        var text = reason.ReplyText.TrimEnd('.');
        return reason.ReplyCode switch
        {
            AccessRefused => $"{text}. Permit the user of the address to configure, write and read what belongs to the exchange: docs/rabbitmq.md has the patterns.",
            NotAllowed => $"{text}. See that the virtual host in the address exists, and that its user may use it.",
            PreconditionFailed => $"{text}.",
            _ => reason.Exception is { } exception ? $"{text}: {Innermost(exception)}." : $"{text} ({reason.ReplyCode}).",
        };
    }

    private static bool Inner<TException>(Exception exception)
        where TException : Exception
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is TException || (inner is AggregateException several && several.InnerExceptions.Any(Inner<TException>)))
            {
                return true;
            }
        }

        return false;
    }

    // There was somebody, who did not go on.
    private static bool IsEnded(Exception exception) =>
        Inner<EndOfStreamException>(exception)
        || (InnermostOf(exception) is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown });

    private static string Innermost(Exception exception) => InnermostOf(exception).Message.TrimEnd('.');

    private static Exception InnermostOf(Exception exception)
    {
        while ((exception is AggregateException { InnerExceptions.Count: > 0 } several ? several.InnerExceptions[0] : exception.InnerException) is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
