namespace Carillon.Transports.InMemory;

/// <summary>
/// A broker in memory: for tests and development. Applications that are given the same object are joined by it; what waits in it is gone with the process.
/// </summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class InMemoryTransport : ITransport
{
    private readonly InMemoryBroker _broker;

    /// <summary>Makes a broker of which nobody else knows.</summary>
    /// <param name="time">By which time delays pass; null, the default, for that of the system.</param>
    public InMemoryTransport(TimeProvider? time = null)
    {
        _broker = new InMemoryBroker(time ?? TimeProvider.System);
        DeadLetters = new InMemoryDeadLetters(_broker);
    }

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string Description => "in-memory transport";

    /// <inheritdoc/>
    public TransportFeatures Features => TransportFeatures.TellsUnrouted | TransportFeatures.OrdersByKey | TransportFeatures.OrdersRetries;

    /// <inheritdoc/>
    public ITransportDeadLetters DeadLetters { get; }

    /// <inheritdoc/>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outgoing);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_broker.Publish(outgoing) ? PublishResult.Routed : PublishResult.Unrouted);
    }

    /// <inheritdoc/>
    public ValueTask<ITransportSubscription> SubscribeAsync(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(handle);
        subscription.Check();
        if (subscription.QueueKind is { } kind)
        {
            throw new TransportException($"The in-memory transport has one kind of queue, and the subscription asks for '{kind}'. Leave QueueKind out.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(_broker.Subscribe(subscription, handle));
    }

    /// <summary>
    /// Completes when nothing is being received: what waits has nobody who is free to take it, or comes again later. What was published before the call has been handed over by then. For tests.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task WhenIdleAsync(CancellationToken cancellationToken = default) => _broker.InHand.WhenNoneAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_broker.Delete(key));
    }
}
