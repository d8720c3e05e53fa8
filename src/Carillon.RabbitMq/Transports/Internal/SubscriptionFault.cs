using Carillon.Transports;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What RabbitMQ cannot do for a subscription, said before anything is declared.</summary>
internal static class SubscriptionFault
{
    // Since then quorum queues tell urgent from ordinary by themselves.
    private static readonly Version FirstWithPriorities = new(4, 0);

    /// <exception cref="TransportException">It cannot.</exception>
    internal static void Check(TransportSubscription subscription, RabbitMqOptions options, Version? broker)
    {
        var who = subscription.Key is { } key ? $"The subscription '{key}'" : $"The subscription to '{subscription.Patterns[0]}'";
        if (subscription.QueueKind is { } said && !OptionsFault.IsQueueKind(said))
        {
            throw new TransportException($"{who} asks for a queue of the kind '{said}'. RabbitMQ has '{RabbitMqQueueKinds.Quorum}' and '{RabbitMqQueueKinds.Classic}'.");
        }

        if (subscription is { Key: null, QueueKind: RabbitMqQueueKinds.Quorum })
        {
            throw new TransportException($"{who} is temporary and asks for a quorum queue, which RabbitMQ has for lasting queues only. Leave QueueKind out, or give it a key.");
        }

        if (subscription.Key is not null && options.MaxPriority > 0 && (subscription.QueueKind ?? options.QueueKind) == RabbitMqQueueKinds.Quorum && broker < FirstWithPriorities)
        {
            throw new TransportException(
                $"{who} has a quorum queue, and quorum queues know no priorities before RabbitMQ 4.0; this one is {broker?.ToString() ?? "of an unknown version"}. "
                + $"Set its QueueKind to '{RabbitMqQueueKinds.Classic}', or RabbitMqOptions.MaxPriority to 0.");
        }
    }
}
