using System.Diagnostics;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Events.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Transports.Internal;

/// <summary>Takes in what has arrived, and says what becomes of it. Nothing that arrives makes it throw.</summary>
internal sealed class ArrivingEvents(
    EventCatalog events, EventSerializer serializer, SeenEvents seen, IServiceScopeFactory scopes, TimeProvider time, IOptions<EnvelopeOptions> options, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Transports;
    private readonly CloudEventLimits _limits = new(options.Value.MaxPayloadBytes);

    internal async ValueTask<ReceiveOutcome> ReceiveAsync(Receiver receiver, IncomingEvent incoming, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (CloudEventReader.Read(incoming.ContentType, incoming.Headers, incoming.Body, _limits, now, out var read) is { } fault)
        {
            return Unreadable(receiver, fault);
        }

        var arrival = new Arrival(read!.Envelope, read.Key, Math.Max(1, incoming.Attempt), now);
        try
        {
            return await HandleAsync(receiver, arrival, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ReceiveOutcome.Returned;
        }
#pragma warning disable CA1031 // Whatever a listener throws is a no to the event.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Fail(receiver, arrival, AttemptOutcomes.Describe(exception), delay: null, exception);
        }
    }

    private async ValueTask<ReceiveOutcome> HandleAsync(Receiver receiver, Arrival arrival, CancellationToken cancellationToken)
    {
        var remembers = receiver.Options is { Key: not null, Inbox: not null };
        if (remembers && await seen.KnowsAsync(receiver.Options.Key!, arrival.Envelope, cancellationToken).ConfigureAwait(false))
        {
            Log.ReceivedBefore(_logger, arrival.Envelope.EventName, arrival.Envelope.Id, receiver.Name);
            return ReceiveOutcome.Acknowledged;
        }

        using var activity = StartActivity(receiver, arrival.Envelope);
        var outcome = receiver.Handler is { } handler
            ? await CallAsync(receiver, handler, arrival, cancellationToken).ConfigureAwait(false)
            : await DispatchAsync(receiver, arrival, cancellationToken).ConfigureAwait(false);
        if (remembers && outcome.Action == ReceiveAction.Acknowledge)
        {
            await seen.NoteAsync(receiver.Options.Key!, arrival.Envelope, receiver.Options.Inbox!.Value).ConfigureAwait(false);
        }

        return outcome;
    }

    private async ValueTask<ReceiveOutcome> DispatchAsync(Receiver receiver, Arrival arrival, CancellationToken cancellationToken)
    {
        var envelope = arrival.Envelope;
        if (events.Find(envelope.EventName) is not { } eventType)
        {
            return Unknown(receiver, envelope, $"No event named {CloudEventAttributes.Quote(envelope.EventName)} is known here. Add its type with AddEvent<T>() or AddListeners(), then replay it; or subscribe to less.");
        }

        if (envelope.EventVersion > eventType.Version)
        {
            return Unknown(receiver, envelope, $"It has the version {envelope.EventVersion}, and version {eventType.Version} is the newest that is known here. Deploy a release that knows it, then replay it.");
        }

        object @event;
        try
        {
            @event = serializer.Deserialize(eventType, envelope);
        }
        catch (EventSerializationException exception)
        {
            return Unreadable(receiver, exception.Message);
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var dispatcher = scope.ServiceProvider.GetRequiredService<EventDispatcher>();
            dispatcher.Cause = envelope;
            await dispatcher.DispatchNowAsync(@event, new DeliveryOptions { Arrival = arrival }, cancellationToken).ConfigureAwait(false);
        }

        return After(receiver, arrival);
    }

    private async ValueTask<ReceiveOutcome> CallAsync(
        Receiver receiver, Func<ReceivedEvent, CancellationToken, ValueTask> handler, Arrival arrival, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            scope.ServiceProvider.GetRequiredService<EventDispatcher>().Cause = arrival.Envelope;
            await handler(new ReceivedEvent(arrival, scope.ServiceProvider), cancellationToken).ConfigureAwait(false);
        }

        return After(receiver, arrival);
    }

    private ReceiveOutcome After(Receiver receiver, Arrival arrival)
    {
        switch (arrival.Decision)
        {
            case null:
                return ReceiveOutcome.Acknowledged;
            case { Outcome: DeliveryOutcome.Discarded } discarded:
                return GiveUp(receiver, arrival, discarded.Reason!, exception: null);
            case var rejected:
                return Fail(receiver, arrival, rejected.Reason!, rejected.Delay, exception: null);
        }
    }

    private ReceiveOutcome Fail(Receiver receiver, Arrival arrival, string reason, TimeSpan? delay, Exception? exception)
    {
        var limits = receiver.Retries.For(exception);
        if (arrival.Attempt >= limits.MaxAttempts || exception is UnrecoverableListenerException or EventSerializationException)
        {
            return GiveUp(receiver, arrival, reason, exception);
        }

        var wait = delay ?? limits.BackOff.After(arrival.Attempt);
        Log.ReceivingFailed(_logger, arrival.Envelope.EventName, arrival.Envelope.Id, receiver.Name, arrival.Attempt, wait, reason, exception);
        return ReceiveOutcome.RetryAfter(wait, reason);
    }

    private ReceiveOutcome GiveUp(Receiver receiver, Arrival arrival, string reason, Exception? exception)
    {
        Log.ReceivingGivenUp(_logger, arrival.Envelope.EventName, arrival.Envelope.Id, receiver.Name, arrival.Attempt, reason, exception);
        return ReceiveOutcome.DeadLetter(reason);
    }

    private ReceiveOutcome Unreadable(Receiver receiver, string reason)
    {
        Log.ArrivedUnreadable(_logger, receiver.Name, reason);
        return ReceiveOutcome.DeadLetter(reason);
    }

    private ReceiveOutcome Unknown(Receiver receiver, Envelope envelope, string reason)
    {
        Log.ArrivedUnknown(_logger, envelope.EventName, envelope.Id, receiver.Name, reason);
        return ReceiveOutcome.Parked(reason);
    }

    private static Activity? StartActivity(Receiver receiver, Envelope envelope)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var parent);
        return Telemetry.Source.StartActivity($"receive {envelope.EventName}", ActivityKind.Consumer, parent)
            ?.SetTag("carillon.event.id", envelope.Id.ToString())
            .SetTag("carillon.event.name", envelope.EventName)
            .SetTag("carillon.subscription", receiver.Options.Key ?? receiver.Pattern);
    }
}
