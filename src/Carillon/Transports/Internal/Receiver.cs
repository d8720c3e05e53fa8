using Carillon.Deliveries.Internal;
using Carillon.Retries;

namespace Carillon.Transports.Internal;

/// <summary>One subscription of this process, and what is done with its events.</summary>
/// <param name="Pattern">The names wanted.</param>
/// <param name="Options">How.</param>
/// <param name="Retries">How often, and when again.</param>
/// <param name="Handler">Called with each event; null to dispatch it to the listeners of the application.</param>
internal sealed record Receiver(string Pattern, SubscriptionOptions Options, RetryPolicy Retries, Func<ReceivedEvent, CancellationToken, ValueTask>? Handler)
{
    /// <summary>For the log.</summary>
    internal string Name => Options.Key is { } key ? $"subscription '{key}'" : $"the temporary subscription to '{Pattern}'";

    internal TransportSubscription Wanted => new()
    {
        Patterns = [Pattern],
        Key = Options.Key,
        Concurrency = Options.Concurrency,
        Prefetch = Options.Prefetch,
        Ordered = Options.Ordered,
        QueueKind = Options.QueueKind,
    };
}
