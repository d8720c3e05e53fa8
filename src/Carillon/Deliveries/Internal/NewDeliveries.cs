using Carillon.Envelopes;
using Carillon.Listeners;

namespace Carillon.Deliveries.Internal;

/// <summary>What the dispatch, the event and the listener say of a delivery, in this order: whoever comes first has the word.</summary>
internal static class NewDeliveries
{
    internal static NewDelivery Of(Listener listener, Envelope envelope, object @event, DeliveryOptions? options) => new()
    {
        Envelope = envelope,
        ListenerId = listener.Id,
        DueAt = DueAt(envelope.Time, options),
        Queue = listener.Queue ?? Queues.Default,
        Priority = options?.Priority ?? DeliveryPriority.Normal,
        Key = listener.Ordered || listener.MaxPerKey > 0 ? Key(listener, envelope, @event, options) : null,
        Unique = listener.Unique is { } unique ? Unique(unique, listener.Id, envelope, @event, options) : null,
    };

    private static DateTimeOffset DueAt(DateTimeOffset now, DeliveryOptions? options) =>
        options switch
        {
            { Delay: { } delay } => now.After(delay),
            { DueAt: { } dueAt } when dueAt > now => dueAt.ToUniversalTime(),
            _ => now,
        };

    private static DeliveryKey? Key(Listener listener, Envelope envelope, object @event, DeliveryOptions? options)
    {
        var key = options?.Key ?? (@event as IKeyedEvent)?.Key;
        if (key is null)
        {
            // What has no key is free of its limit, but an order without a key is no order.
            return listener.Ordered ? throw Keyless(listener, envelope, @event) : null;
        }

        if (options?.Key is null && DeliveryOptions.KeyFault(key) is { } fault)
        {
            throw new CarillonException($"The event '{envelope.EventName}' was dispatched to the durable listener '{listener.Id}', but its {nameof(IKeyedEvent.Key)} {fault}");
        }

        return new DeliveryKey(key)
        {
            IsOrdered = listener.Ordered,
            SkipsFailed = listener.SkipsFailed,
            Limit = listener.Ordered ? 1 : listener.MaxPerKey,
        };
    }

    private static DeliveryUniqueness Unique(ListenerUniqueness unique, string listenerId, Envelope envelope, object @event, DeliveryOptions? options)
    {
        var key = options?.UniqueKey ?? (@event as IUniqueEvent)?.UniqueKey;
        if (key is { Length: 0 })
        {
            throw new CarillonException(
                $"The event '{envelope.EventName}' was dispatched to the durable listener '{listenerId}', which takes unique ones, but its "
                + $"{nameof(IUniqueEvent.UniqueKey)} is empty. Return by what it is unique, or take {nameof(IUniqueEvent)} away: then its content decides.");
        }

        return new DeliveryUniqueness(
            key is null ? UniqueKey.Of(listenerId, envelope.EventName, envelope.Payload) : UniqueKey.Of(listenerId, key), unique.Until)
        {
            EndsAt = unique.For is { } time ? envelope.Time.After(time) : null,
            Replaces = unique.Replaces,
            MaxWait = unique.MaxWait,
        };
    }

    private static CarillonException Keyless(Listener listener, Envelope envelope, object @event) =>
        new($"The event '{envelope.EventName}' ({@event.GetType()}) was dispatched without a key, but the durable listener '{listener.Id}' takes events of one key in "
            + $"order. Implement {nameof(IKeyedEvent)} in the event, or say DeliveryOptions.Key at the dispatch, or take Ordered away from the listener.");
}
