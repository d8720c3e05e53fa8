namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>With what queues are declared. A queue keeps what it was made with, so that nothing in here may change from one release to the next.</summary>
internal static class QueueArguments
{
    // A connection that is lost is no fault of what was under way in it. Quorum queues of RabbitMQ 4 give up after 20 by themselves; "never" is a word that 3.x does not know.
    private const int Deliveries = 1_000_000_000;

    // For what is declared before something is put into it, with a day in between: the broker takes away what nobody has declared for so long, with all that is in it.
    private static readonly TimeSpan Spare = TimeSpan.FromDays(1);

    internal static Dictionary<string, object?> Durable(string kind, bool ordered, int maxPriority)
    {
        var arguments = OfKind(kind);
        if (ordered)
        {
            arguments["x-single-active-consumer"] = true;
        }

        if (kind == RabbitMqQueueKinds.Classic && maxPriority > 0)
        {
            arguments["x-max-priority"] = maxPriority;
        }

        return arguments;
    }

    /// <summary>For dead letters and for what was wanted.</summary>
    internal static Dictionary<string, object?> Beside(string kind) => OfKind(kind);

    internal static Dictionary<string, object?> Temporary(bool ordered, int maxPriority) => Durable(RabbitMqQueueKinds.Classic, ordered, maxPriority);

    /// <summary>What waits too long in it goes back to the one queue, past every exchange: the subscription that has said no has it again, and no other.</summary>
    internal static Dictionary<string, object?> Retry(string kind, DelayStep step, string queue)
    {
        var arguments = OfKind(kind);
        arguments["x-message-ttl"] = (long)step.Longest.TotalMilliseconds;
        arguments["x-dead-letter-exchange"] = "";
        arguments["x-dead-letter-routing-key"] = queue;
        // Longer than the broker can count is not needed: who waits that long is declared again before.
        arguments["x-expires"] = (long)Math.Min((step.Longest + Spare).TotalMilliseconds, uint.MaxValue);
        if (kind == RabbitMqQueueKinds.Quorum)
        {
            arguments["x-dead-letter-strategy"] = "at-least-once";
            arguments["x-overflow"] = "reject-publish";
        }

        return arguments;
    }

    private static Dictionary<string, object?> OfKind(string kind) => kind == RabbitMqQueueKinds.Quorum
        ? new() { ["x-queue-type"] = kind, ["x-delivery-limit"] = Deliveries }
        : new() { ["x-queue-type"] = kind };
}
