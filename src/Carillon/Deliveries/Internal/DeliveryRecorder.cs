using System.Diagnostics;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.Listeners;

namespace Carillon.Deliveries.Internal;

/// <summary>Captures a dispatched event for its durable listeners: one envelope, one delivery a listener.</summary>
internal sealed class DeliveryRecorder(EventCatalog events, EventSerializer serializer, DirectDeliveries direct, TimeProvider time)
{
    internal ValueTask RecordAsync(
        string eventName,
        object @event,
        IReadOnlyList<Listener> listeners,
        EventContext? context,
        EventDispatcher dispatcher,
        CancellationToken cancellationToken)
    {
        if (listeners.Count == 0)
        {
            return ValueTask.CompletedTask;
        }

        var eventType = events.Find(@event.GetType()) ?? throw Unnamed(@event, listeners[0]);
        var envelope = Seal(eventType, @event, context, dispatcher.Cause);
        var deliveries = new NewDelivery[listeners.Count];
        for (var index = 0; index < deliveries.Length; index++)
        {
            deliveries[index] = new NewDelivery { Envelope = envelope, ListenerId = listeners[index].Id, DueAt = envelope.Time, Queue = listeners[index].Queue ?? Queues.Default };
        }

        return (dispatcher.UnitOfWork ?? dispatcher.Outbox ?? direct).AddAsync(deliveries, cancellationToken);
    }

    internal Envelope Seal(EventType eventType, object @event, EventContext? context, Envelope? cause)
    {
        var now = time.GetUtcNow();
        var id = context?.EventId ?? Guid.CreateVersion7(now);
        var activity = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current : null;
        return new Envelope
        {
            Id = id,
            EventName = eventType.Name,
            EventVersion = eventType.Version,
            Time = now,
            CorrelationId = cause?.CorrelationId ?? id.ToString(),
            CausationId = cause?.Id,
            TraceParent = activity?.Id,
            TraceState = activity?.TraceStateString,
            Payload = serializer.Serialize(eventType, @event),
        };
    }

    private static CarillonException Unnamed(object @event, Listener listener) =>
        new($"An event of the type '{@event.GetType()}' was dispatched, to which the durable listener '{listener.Id}' listens as '{listener.EventType}', "
            + "but the type has no name under which it could be stored. Mark it with [Event(\"entity.action\")] in an assembly whose listeners are added, "
            + "or call AddEvent<T>() for it in AddCarillon.");
}
