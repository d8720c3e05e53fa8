namespace Carillon.Transports;

/// <summary>Receives events of other applications at run time, with a lambda in place of listeners.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IEventReceiver
{
    /// <summary>Begins to receive.</summary>
    /// <param name="pattern">The name of the events, or a pattern of names: <c>*</c> stands for one segment between dots, <c>#</c> for any number of them.</param>
    /// <param name="handler">
    /// Called with each event, in a scope of its own; the event is acknowledged when it returns. If it throws, or rejects the event, the event comes again after a
    /// growing delay, and becomes a dead letter in the end.
    /// </param>
    /// <param name="subscriberKey">Makes the subscription durable: what comes while nobody receives waits. Null, the default: it is gone with the handle.</param>
    /// <param name="configure">Says more. The key said here wins.</param>
    /// <param name="cancellationToken">Gives up beginning.</param>
    /// <returns>Stops when it is disposed: nothing new comes, and what is being handled ends first. The host stops it too.</returns>
    /// <exception cref="TransportException">The transport cannot be reached, or refuses the subscription.</exception>
    /// <exception cref="CarillonException">There is no transport, or the host is not running.</exception>
    ValueTask<IAsyncDisposable> ReceiveAsync(
        string pattern,
        Func<ReceivedEvent, CancellationToken, ValueTask> handler,
        string? subscriberKey = null,
        Action<SubscriptionOptions>? configure = null,
        CancellationToken cancellationToken = default);
}
