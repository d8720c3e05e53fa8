using System.Diagnostics;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.Listeners;
using Carillon.Transactions.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Captures a dispatched event for its durable listeners: one envelope, one delivery a listener.</summary>
internal sealed class DeliveryRecorder(
    EventCatalog events, EventSerializer serializer, DirectDeliveries direct, UnitOfWorkRule rule, TimeProvider time, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Deliveries;

    /// <param name="eventName">The name of the event.</param>
    /// <param name="event">The event.</param>
    /// <param name="listeners">Those that take part.</param>
    /// <param name="context">The context of the dispatch, if it has one.</param>
    /// <param name="dispatcher">The dispatcher of the scope.</param>
    /// <param name="options">What the dispatch says; null if it says nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal ValueTask RecordAsync(
        string eventName,
        object @event,
        List<Listener> listeners,
        EventContext? context,
        EventDispatcher dispatcher,
        DeliveryOptions? options,
        CancellationToken cancellationToken)
    {
        if (options?.Arrival is not null)
        {
            // What has arrived does not leave again.
            listeners.RemoveAll(static listener => listener.TakesDelivery);
        }

        if (listeners.Count == 0)
        {
            if (options is { WantsDurable: true })
            {
                Log.OptionsUnused(_logger, eventName);
            }

            return ValueTask.CompletedTask;
        }

        var work = dispatcher.FindWork(options);
        rule.Check(work, eventName, listeners[0], dispatcher, options);
        var eventType = events.Find(@event.GetType()) ?? throw Unnamed(@event, listeners[0]);
        Tell(eventName, listeners.Count, work is not null);
        var sink = work ?? dispatcher.FindOutbox(options) ?? direct;
        return Telemetry.Source.HasListeners()
            ? AddInSpanAsync(eventType, @event, listeners, context, dispatcher, options, sink, cancellationToken)
            : sink.AddAsync(Of(eventType, @event, listeners, context, dispatcher, options), options?.Receipts, cancellationToken);
    }

    private async ValueTask AddInSpanAsync(
        EventType eventType,
        object @event,
        List<Listener> listeners,
        EventContext? context,
        EventDispatcher dispatcher,
        DeliveryOptions? options,
        IDeliverySink sink,
        CancellationToken cancellationToken)
    {
        var span = DeliverySpans.Start(isCommitted: sink == direct);
        try
        {
            var deliveries = Of(eventType, @event, listeners, context, dispatcher, options);
            DeliverySpans.Describe(span, isCommitted: sink == direct, deliveries);
            await sink.AddAsync(deliveries, options?.Receipts, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
        finally
        {
            span.End();
        }
    }

    private NewDelivery[] Of(
        EventType eventType, object @event, List<Listener> listeners, EventContext? context, EventDispatcher dispatcher, DeliveryOptions? options)
    {
        var envelope = options?.Arrival is { } arrival ? SealAgain(eventType, @event, arrival) : Seal(eventType, @event, context, dispatcher.Cause);
        var deliveries = new NewDelivery[listeners.Count];
        for (var index = 0; index < deliveries.Length; index++)
        {
            deliveries[index] = NewDeliveries.Of(listeners[index], envelope, @event, options);
        }

        return deliveries;
    }

    private void Tell(string eventName, int count, bool isInWork)
    {
        Tracing.Internal.DispatchRecord.Current?.WasRecordedIn(isInWork);
        if (isInWork)
        {
            Log.RecordedInWork(_logger, eventName, count);
        }
        else
        {
            Log.RecordedAtOnce(_logger, eventName, count);
        }
    }

    /// <param name="eventType">The event.</param>
    /// <param name="event">The same.</param>
    /// <param name="context">The context of the dispatch, if it has one.</param>
    /// <param name="cause">The event that caused it, if one did.</param>
    /// <param name="isTraced">Whether what comes of it belongs to the trace that is open now. Not what comes again for ever: a trace has an end.</param>
    /// <param name="newId">The id of the event, if it has no context; null for any that nobody has.</param>
    internal Envelope Seal(EventType eventType, object @event, EventContext? context, Envelope? cause, bool isTraced = true, Guid? newId = null)
    {
        var now = time.GetUtcNow();
        var id = context?.EventId ?? newId ?? Guid.CreateVersion7(now);
        var activity = isTraced && Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current : null;
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

    // The same event, as it is here today and as its inline listeners have left it.
    private Envelope SealAgain(EventType eventType, object @event, Arrival arrival) => new()
    {
        Id = arrival.Envelope.Id,
        EventName = eventType.Name,
        EventVersion = eventType.Version,
        Time = arrival.Envelope.Time,
        CorrelationId = arrival.Envelope.CorrelationId,
        CausationId = arrival.Envelope.CausationId,
        TraceParent = arrival.Envelope.TraceParent,
        TraceState = arrival.Envelope.TraceState,
        Payload = serializer.Serialize(eventType, @event),
    };

    private static CarillonException Unnamed(object @event, Listener listener) =>
        new($"An event of the type '{@event.GetType()}' was dispatched, to which the durable listener '{listener.Id}' listens as '{listener.EventType}', "
            + "but the type has no name under which it could be stored. Mark it with [Event(\"entity.action\")] in an assembly whose listeners are added, "
            + "or call AddEvent<T>() for it in AddCarillon.");
}
