using Carillon.RabbitMq.Transports;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests;

/// <summary>Remembers which subscriptions a test has made, since a broker does not tell.</summary>
internal sealed class RecordingTransport(RabbitMqTransport transport, HashSet<string> keys) : ITransport, IAsyncDisposable
{
    public string Name => transport.Name;

    public string Description => transport.Description;

    public TransportFeatures Features => transport.Features;

    public ITransportDeadLetters DeadLetters => transport.DeadLetters;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => transport.PrepareAsync(cancellationToken);

    public ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken) => transport.PublishAsync(outgoing, cancellationToken);

    public ValueTask<ITransportSubscription> SubscribeAsync(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken)
    {
        if (subscription.Key is { } key)
        {
            lock (keys)
            {
                keys.Add(key);
            }
        }

        return transport.SubscribeAsync(subscription, handle, cancellationToken);
    }

    public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken) => transport.DeleteSubscriptionAsync(key, cancellationToken);

    public ValueTask DisposeAsync() => transport.DisposeAsync();
}
