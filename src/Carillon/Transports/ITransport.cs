namespace Carillon.Transports;

/// <summary>Carries events between applications: the port between Carillon and a broker.</summary>
/// <remarks>
/// <para>
/// A transport carries bytes and text. It never reads an event and never looks for a type; the name of an event is the only thing by which it routes. What becomes of
/// an event that it has handed over it is told with a <see cref="ReceiveOutcome"/>, which it carries out.
/// </para>
/// <para>At least once: an event that was confirmed reaches every subscription that its name matched at that moment, and reaches it again for as long as nobody has acknowledged it.</para>
/// <para>
/// Shipped in this package: in memory, for tests and development. A transport that connects to something is disposed with the services of the application, if it is
/// disposable; what is shared by several applications is not.
/// </para>
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use. Many calls of <see cref="PublishAsync"/> are under way at once, and are meant to.</threadsafety>
public interface ITransport
{
    /// <summary>One word, in small letters, for logs and metrics: <c>rabbitmq</c>.</summary>
    string Name { get; }

    /// <summary>A few words for messages: the kind of transport and where it is, <c>RabbitMQ at 'queue:5672'</c>. Without credentials.</summary>
    string Description { get; }

    /// <summary>What it can do beyond what every transport must.</summary>
    TransportFeatures Features { get; }

    /// <summary>What was given up, one place a durable subscription.</summary>
    ITransportDeadLetters DeadLetters { get; }

    /// <summary>Makes the transport ready: connects, declares what is needed. Called once, before anything else, when the host starts.</summary>
    /// <exception cref="TransportException">The transport cannot be reached, or does not allow what is needed.</exception>
    ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Asks whether the transport is there and its subscriptions receive, for health checks. By default nothing is asked. Called after <see cref="PrepareAsync"/>.</summary>
    /// <exception cref="TransportException">It is not, and why.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Hands an event to the transport. Completes when the transport has confirmed that it has it, and will keep it over a restart if durable subscriptions take it.</summary>
    /// <returns>Whether a subscription has taken it. A transport without <see cref="TransportFeatures.TellsUnrouted"/> always says that one has.</returns>
    /// <remarks>
    /// The bytes of the event may be used until the call completes, and not after. A call that is cancelled, or that throws, may have published all the same: it is
    /// made again, and the receiver knows the event by its id.
    /// </remarks>
    /// <exception cref="TransportException">It was not confirmed.</exception>
    ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken);

    /// <summary>Begins to receive.</summary>
    /// <param name="subscription">What is wanted, under which key, how many at once.</param>
    /// <param name="handle">
    /// Called with each event; at most <see cref="TransportSubscription.Concurrency"/> calls run at once. Does not throw; should it do so all the same, the event comes
    /// again. The token is cancelled when the transport cannot wait any longer: the subscription was stopped and its time is over, or the connection is lost.
    /// </param>
    /// <param name="cancellationToken">Gives up beginning.</param>
    /// <remarks>
    /// <para>
    /// A subscription with a key is durable: it exists from the first call on, with or without a receiver, and survives the transport's restart. Whoever subscribes with
    /// the same key competes for its events: each event goes to one of them. Its patterns are those of whoever subscribed last.
    /// </para>
    /// <para>A subscription without a key is temporary: it ends with its receiver, its connection or its process, and its events are gone with it.</para>
    /// <para>A transport whose connection is lost connects again by itself, and subscribes again.</para>
    /// </remarks>
    /// <exception cref="TransportException">The transport cannot be reached, or refuses the subscription.</exception>
    ValueTask<ITransportSubscription> SubscribeAsync(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken);

    /// <summary>Removes a durable subscription with all that waits for it and all of its dead letters. Subscribed again, it starts fresh.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="TransportException">The transport cannot be reached, or somebody receives from the subscription.</exception>
    ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken);
}
