using System.Text.RegularExpressions;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What can be wrong with the options before anybody connects.</summary>
internal static partial class OptionsFault
{
    /// <exception cref="CarillonConfigurationException">An option has a value that it cannot have.</exception>
    internal static void Check(RabbitMqOptions options)
    {
        if (Find(options) is { } fault)
        {
            throw new CarillonConfigurationException($"RabbitMqOptions.{fault}");
        }
    }

    internal static bool IsQueueKind(string kind) => kind is RabbitMqQueueKinds.Quorum or RabbitMqQueueKinds.Classic;

    private static string? Find(RabbitMqOptions options) => options switch
    {
        { Exchange: var exchange } when !ExchangeName().IsMatch(exchange) || exchange.StartsWith("amq.", StringComparison.Ordinal) =>
            $"Exchange is '{exchange}'. It has 1 to 60 letters, digits, dots, hyphens and underscores, and does not begin with 'amq.', which belongs to the broker.",
        { QueueKind: var kind } when !IsQueueKind(kind) => $"QueueKind is '{kind}'. It is '{RabbitMqQueueKinds.Quorum}' or '{RabbitMqQueueKinds.Classic}'.",
        { MaxUnconfirmed: < 1 or > RabbitMqOptions.LargestMaxUnconfirmed } =>
            $"MaxUnconfirmed is {options.MaxUnconfirmed}. It is from 1 to {RabbitMqOptions.LargestMaxUnconfirmed:N0} events.",
        { PublishTimeout: var timeout } when timeout < TimeSpan.FromSeconds(1) || timeout > RabbitMqOptions.LongestPublishTimeout =>
            $"PublishTimeout is {timeout}. It is from a second to {RabbitMqOptions.LongestPublishTimeout}.",
        { MaxPriority: < 0 or > 255 } => $"MaxPriority is {options.MaxPriority}. It is from 0, for no priorities, to 255; brokers advise no more than 10.",
        _ => null,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,60}\z")]
    private static partial Regex ExchangeName();
}
