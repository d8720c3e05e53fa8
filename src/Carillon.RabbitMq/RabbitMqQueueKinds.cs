namespace Carillon.RabbitMq;

/// <summary>The words for <see cref="Carillon.Transports.SubscriptionOptions.QueueKind"/>.</summary>
public static class RabbitMqQueueKinds
{
    /// <summary>Replicated over the nodes of a cluster, and the faster one under load.</summary>
    public const string Quorum = "quorum";

    /// <summary>On one node. Knows priorities on all brokers.</summary>
    public const string Classic = "classic";
}
