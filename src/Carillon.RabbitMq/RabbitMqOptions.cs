using Carillon.Transports;

namespace Carillon.RabbitMq;

/// <summary>How events travel by RabbitMQ.</summary>
public sealed class RabbitMqOptions
{
    internal const string DefaultExchange = "carillon";
    internal const int DefaultMaxUnconfirmed = 1024;
    internal const int LargestMaxUnconfirmed = 65_536;

    internal static readonly TimeSpan DefaultPublishTimeout = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan LongestPublishTimeout = TimeSpan.FromHours(1);

    /// <summary>How the broker is reached.</summary>
    public RabbitMqConnectionOptions Connection { get; } = new();

    /// <summary>
    /// The topic exchange to which events are published, and the beginning of the names of all queues: two applications that are to hear of each other have the same. 1 to 60 letters, digits, dots,
    /// hyphens and underscores. Defaults to <c>carillon</c>.
    /// </summary>
    public string Exchange { get; set; } = DefaultExchange;

    /// <summary>
    /// The kind of queue that a subscription with a key has if it does not say itself: <see cref="RabbitMqQueueKinds.Quorum"/>, the default, or
    /// <see cref="RabbitMqQueueKinds.Classic"/>. A queue keeps the kind that it was made with.
    /// </summary>
    public string QueueKind { get; set; } = RabbitMqQueueKinds.Quorum;

    /// <summary>How many events may be on their way to the broker, not yet confirmed. More wait here. From 1 to 65,536; defaults to 1,024.</summary>
    public int MaxUnconfirmed { get; set; } = DefaultMaxUnconfirmed;

    /// <summary>
    /// How long an event may take until it is confirmed, waiting for a connection or for a broker that blocks included. It has failed then, and its delivery is tried again. From a second
    /// to an hour; defaults to 30 seconds.
    /// </summary>
    public TimeSpan PublishTimeout { get; set; } = DefaultPublishTimeout;

    /// <summary>
    /// The highest priority that classic queues know, from 0 to 255; 0, the default, for none. Brokers advise no more than 10. Quorum queues know none before RabbitMQ 4.0, so a
    /// subscription with one is refused there.
    /// </summary>
    public int MaxPriority { get; set; }

    /// <summary>Says with which priority an event is published. Called once for each, at once with others. Defaults to null: all are equal.</summary>
    public Func<OutgoingEvent, byte>? PriorityOf { get; set; }
}
