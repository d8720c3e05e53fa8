using Carillon.Names.Internal;
using Carillon.Retries;

namespace Carillon.Transports.Internal;

/// <summary>What can be wrong with a subscription before the transport is asked.</summary>
internal static class SubscriptionFaults
{
    /// <param name="pattern">The names wanted.</param>
    /// <param name="options">How.</param>
    /// <param name="transport">The transport; null if there is none, which is said elsewhere.</param>
    /// <param name="hasInbox">Whether there is a store that can recognise events.</param>
    internal static IEnumerable<string> Find(string pattern, SubscriptionOptions options, ITransport? transport, bool hasInbox)
    {
        var who = options.Key is { } key ? $"The subscription '{key}' to '{pattern}'" : $"The subscription to '{pattern}'";
        if (NamePattern.Fault(pattern) is { } fault)
        {
            yield return $"{who} has a pattern that is none: {fault}.";
        }

        if (options.Key is { } said && (said.Length is 0 or > TransportSubscription.MaxKeyLength || said.Any(char.IsControl)))
        {
            yield return $"{who} has a key of {said.Length} characters; it may have 1 to {TransportSubscription.MaxKeyLength}, and no control characters.";
        }

        if (options.Concurrency < 1 || options.Prefetch < 0)
        {
            yield return $"{who} has the concurrency {options.Concurrency} and the prefetch {options.Prefetch}: at least 1 event is handled at once, and a prefetch is 0, for what the transport thinks best, or more.";
        }

        if (options.MaxAttempts is < 0 or > RetryOptions.LargestMaxAttempts)
        {
            yield return $"{who} has {options.MaxAttempts} attempts; it may have 1 to {RetryOptions.LargestMaxAttempts:N0}, or 0 for as many as the retry options say.";
        }

        if (options.Ordered && transport is not null && !transport.Features.HasFlag(TransportFeatures.OrdersByKey))
        {
            yield return $"{who} wants the order of each key, which the {transport.Description} does not keep. Take Ordered away, or choose another transport.";
        }

        if (options.Inbox is { } inbox && (inbox <= TimeSpan.Zero || options.Key is null || !hasInbox))
        {
            yield return $"{who} remembers what it has received for {inbox}, which wants a time longer than nothing, a key, and a store with an inbox: UseSqlite, UsePostgres, or UseInMemory for development.";
        }
    }
}
