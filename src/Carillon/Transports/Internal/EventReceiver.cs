using Carillon.Deliveries.Internal;
using Carillon.Inbox;

namespace Carillon.Transports.Internal;

/// <summary>Receives events at run time.</summary>
internal sealed class EventReceiver(TransportWork work, TransportSlot transport, StoreSlot store) : IEventReceiver
{
    public async ValueTask<IAsyncDisposable> ReceiveAsync(
        string pattern,
        Func<ReceivedEvent, CancellationToken, ValueTask> handler,
        string? subscriberKey = null,
        Action<SubscriptionOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(handler);
        var options = new SubscriptionOptions { Key = subscriberKey };
        configure?.Invoke(options);
        options.Key = subscriberKey ?? options.Key;
        if (SubscriptionFaults.Find(pattern, options, transport.Required, store.Optional is IInboxStore).FirstOrDefault() is { } fault)
        {
            throw new TransportException(fault);
        }

        return await work.ReceiveAsync(pattern, options, handler, cancellationToken).ConfigureAwait(false);
    }
}
