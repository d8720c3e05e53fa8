using System.Diagnostics;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.Hosting;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Middleware.Internal;
using Carillon.Retries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>Runs one attempt of one delivery and says what becomes of it. Knows nothing of loops, leases and stores.</summary>
internal sealed class AttemptRunner
{
    private const int MaxErrorLength = 8 * 1024;

    // An attempt counts from its lease on, so that a listener which kills its process does not run for ever. But most of what a dying process had in
    // hand never began: so often beyond its attempts a delivery may be lost before it is given up.
    private const int ForgivenLosses = 5;

    private readonly ListenerRegistry _listeners;
    private readonly EventCatalog _events;
    private readonly EventSerializer _serializer;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keepCompleted;
    private readonly int _maxAttempts;
    private readonly BackOff _backOff;
    private readonly ILogger _logger;

    // Null where no listener has middleware.
    private readonly ListenerMiddlewares? _middlewares;

    public AttemptRunner(
        ListenerRegistry listeners,
        EventCatalog events,
        EventSerializer serializer,
        IServiceScopeFactory scopes,
        TimeProvider time,
        IOptions<WorkerOptions> worker,
        IOptions<RetryOptions> retries,
        JitterSource jitter,
        Loggers loggers,
        ListenerMiddlewares? middlewares = null)
    {
        _middlewares = middlewares;
        _listeners = listeners;
        _events = events;
        _serializer = serializer;
        _scopes = scopes;
        _time = time;
        _keepCompleted = worker.Value.KeepCompleted;
        _maxAttempts = retries.Value.MaxAttempts;
        _backOff = new BackOff(retries.Value, jitter.Next);
        _logger = loggers.Deliveries;
    }

    /// <param name="delivery">A delivery under a lease of this process.</param>
    /// <param name="stop">Cancelled when the attempt has to end; it does not count then.</param>
    internal async ValueTask<Settlement> RunAsync(LeasedDelivery delivery, CancellationToken stop)
    {
        var envelope = delivery.Envelope;
        if (_events.Find(envelope.EventName) is not { } eventType)
        {
            return Park(delivery, $"No event named '{envelope.EventName}' is known here. Add its type with AddEvent<T>() or AddListeners(), or discard the delivery.");
        }

        if (_listeners.FindDurable(delivery.ListenerId) is not { } listener)
        {
            return Park(delivery, $"No durable listener '{delivery.ListenerId}' is known here. Add it, give it back the id it had when the event was stored, or discard the delivery.");
        }

        var maxAttempts = listener.MaxAttempts > 0 ? listener.MaxAttempts : _maxAttempts;
        if (delivery.Attempt > maxAttempts + ForgivenLosses)
        {
            // Only a process that died, or a lease that ran out, leaves an attempt without an outcome.
            return Fail(
                delivery,
                $"Given up: of {delivery.Attempt - 1} attempts the last {ForgivenLosses + 1} or more had no outcome, since they ended with their process or outlived their lease.");
        }

        try
        {
            var outbox = listener.LeavesWithOutcome ? new AttemptOutbox() : null;
            await CallAsync(delivery, eventType, listener, outbox, stop).ConfigureAwait(false);
            return Complete(delivery, outbox);
        }
        catch (Exception exception) when (stop.IsCancellationRequested && IsCancellation(exception))
        {
            return Settle(delivery, DeliveryOutcome.Released);
        }
#pragma warning disable CA1031 // Whatever a listener throws is its failure; it is kept with the delivery and logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return delivery.Attempt < maxAttempts ? Retry(delivery, maxAttempts, exception) : FailLast(delivery, exception);
        }
    }

    private async ValueTask CallAsync(LeasedDelivery delivery, EventType eventType, Listener listener, AttemptOutbox? outbox, CancellationToken stop)
    {
        var envelope = delivery.Envelope;
        using var activity = StartActivity(delivery, envelope);
        try
        {
            // Its own copy: whatever this listener does to the event, no other one sees it.
            var @event = _serializer.Deserialize(eventType, envelope.Payload);
            if (listener.EventType == typeof(NamedEvent))
            {
                @event = new NamedEvent(envelope.EventName, @event);
            }

            if (!listener.EventType.IsInstanceOfType(@event))
            {
                throw new EventSerializationException(
                    $"The stored event '{envelope.EventName}' is a {eventType.Type}, but its listener '{listener.Id}' takes {listener.EventType}.");
            }

            var scope = _scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                var dispatcher = scope.ServiceProvider.GetRequiredService<EventDispatcher>();
                dispatcher.Cause = envelope;
                dispatcher.Outbox = outbox;
                var context = listener.NeedsContext ? new EventContext(envelope, delivery.Attempt, dispatcher, _time, stop) : null;
                var invoke = listener.LeavesWithOutcome ? listener.Invoke : _middlewares?.OfDurable(listener, eventType) ?? listener.Invoke;
                await invoke(@event, new ListenerCall(scope.ServiceProvider, context, stop) { EarlierAttempts = delivery.Attempt - 1 }).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, Describe(exception));
            throw;
        }
    }

    private static Activity? StartActivity(LeasedDelivery delivery, Envelope envelope)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var parent);
        return Telemetry.Source.StartActivity($"process {envelope.EventName}", ActivityKind.Consumer, parent)
            ?.SetTag("carillon.event.id", envelope.Id.ToString())
            .SetTag("carillon.event.name", envelope.EventName)
            .SetTag("carillon.listener.id", delivery.ListenerId)
            .SetTag("carillon.delivery.attempt", delivery.Attempt);
    }

    private Settlement Complete(LeasedDelivery delivery, AttemptOutbox? outbox)
    {
        var now = _time.GetUtcNow();
        return new Settlement
        {
            Delivery = delivery,
            Outcome = DeliveryOutcome.Completed,
            At = now,
            KeepUntil = _keepCompleted > TimeSpan.Zero ? now + _keepCompleted : null,
            Leaves = outbox?.Deliveries ?? [],
        };
    }

    private Settlement Retry(LeasedDelivery delivery, int maxAttempts, Exception exception)
    {
        var delay = _backOff.After(delivery.Attempt);
        Log.AttemptFailed(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, delivery.Attempt, maxAttempts, delay, exception);
        return Settle(delivery, DeliveryOutcome.Retry, Describe(exception), _time.GetUtcNow() + delay);
    }

    private Settlement FailLast(LeasedDelivery delivery, Exception exception)
    {
        Log.DeliveryFailed(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, delivery.Attempt, exception);
        return Settle(delivery, DeliveryOutcome.Failed, Describe(exception));
    }

    private Settlement Fail(LeasedDelivery delivery, string reason)
    {
        Log.DeliveryGivenUp(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, reason);
        return Settle(delivery, DeliveryOutcome.Failed, reason);
    }

    private Settlement Park(LeasedDelivery delivery, string reason)
    {
        Log.DeliveryParked(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, reason);
        return Settle(delivery, DeliveryOutcome.Parked, reason);
    }

    private Settlement Settle(LeasedDelivery delivery, DeliveryOutcome outcome, string? error = null, DateTimeOffset? retryAt = null) =>
        new() { Delivery = delivery, Outcome = outcome, At = _time.GetUtcNow(), Error = error, RetryAt = retryAt };

    // Task.Wait and others wrap it.
    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException
        || (exception is AggregateException many ? many.Flatten().InnerExceptions.All(IsCancellation) : exception.InnerException is { } inner && IsCancellation(inner));

    private static string Describe(Exception exception)
    {
        string text;
        try
        {
            text = exception.ToString();
        }
#pragma warning disable CA1031 // An exception of the application's own that cannot say what it is.
        catch (Exception unprintable)
#pragma warning restore CA1031
        {
            text = $"{exception.GetType()}, whose text cannot be had: {unprintable.GetType()}";
        }

        return text.Length <= MaxErrorLength ? text : text[..MaxErrorLength];
    }
}
