using System.Text.RegularExpressions;
using Carillon.Transports;
using RabbitMQ.Client.Exceptions;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Why a queue or an exchange could not be declared, naming what differs and the mend.</summary>
internal static partial class TopologyFault
{
    /// <param name="name">The queue or exchange that was to be declared.</param>
    /// <param name="address">Where.</param>
    /// <param name="cause">What came of it.</param>
    internal static TransportException Explain(string name, BrokerAddress address, Exception cause)
    {
        if (cause is not OperationInterruptedException { ShutdownReason: { ReplyCode: RabbitFault.PreconditionFailed } reason } || Inequivalent().Match(reason.ReplyText) is not { Success: true } found)
        {
            return RabbitFault.Explain($"declare '{name}'", address, cause);
        }

        var (argument, kind) = (found.Groups["argument"].Value, found.Groups["kind"].Value);
        return new TransportException(
            $"The {kind} '{found.Groups["name"].Value}' exists at {address.Description} with another '{argument}': {Value(found.Groups["theirs"].Value)} there, and {Value(found.Groups["ours"].Value)} wanted. {Mend(kind, argument)}",
            cause);
    }

    private static string Mend(string kind, string argument) => (kind, argument) switch
    {
        ("exchange", _) => "Name another exchange in RabbitMqOptions.Exchange, or delete this one if nobody uses it.",
        (_, "x-queue-type" or "durable") => "A queue keeps the kind that it was made with: set QueueKind to it, or use another key, or delete the queue when it is empty and let it be made anew.",
        (_, "x-single-active-consumer") => "Ordered cannot be changed while the queue exists: take it back, or use another key, or delete the queue when it is empty and let it be made anew.",
        (_, "x-max-priority") => "RabbitMqOptions.MaxPriority cannot be changed while the queue exists: take it back, or delete the queue when it is empty and let it be made anew.",
        _ => "Somebody else has made it. Delete it when it is empty and let it be made anew, or use another key or exchange.",
    };

    // "the value 'quorum' of type 'longstr'", "none", "'false'".
    private static string Value(string text) => QuotedValue().Match(text) is { Success: true } value ? value.Value : text;

    [GeneratedRegex("inequivalent arg '(?<argument>[^']+)' for (?<kind>[a-z]+) '(?<name>[^']*)' in vhost '[^']*': received (?<ours>.+?) but current is (?<theirs>.+)", RegexOptions.CultureInvariant)]
    private static partial Regex Inequivalent();

    [GeneratedRegex("'[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedValue();
}
