using System.Runtime.CompilerServices;
using Carillon.Diagnostics.Internal;
using Carillon.Events.Internal;
using Carillon.Events;
using Carillon.Envelopes.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Runs one attempt of one delivery and says what becomes of it. Knows nothing of loops and leases.</summary>
internal sealed class AttemptRunner(
    AttemptPlans plans,
    EventCatalog events,
    NewerVersions newer,
    ForeignListeners foreign,
    ListenerCaller caller,
    AttemptOutcomes outcomes,
    RememberedEvents remembered,
    AttemptObserver observer,
    TimeProvider time,
    Loggers loggers)
{
    // An attempt counts from its lease on, so that a listener which kills its process does not run for ever. But most of what a dying process had in
    // hand never began: so often beyond its attempts a delivery may be lost before it is given up.
    private const int ForgivenLosses = 5;

    private readonly ILogger _logger = loggers.Deliveries;

    /// <param name="held">A delivery under a lease of this process.</param>
    /// <param name="token">Cancelled when the attempt has to end; <paramref name="held"/> knows why.</param>
    /// <returns>Null if there is nothing to settle: the listener's own transaction has.</returns>
    internal async ValueTask<Settlement?> RunAsync(HeldDelivery held, CancellationToken token)
    {
        var delivery = held.Delivery;
        if (held.IsCancelRequested)
        {
            return outcomes.Cancel(delivery, error: null);
        }

        var envelope = delivery.Envelope;
        if (events.Find(envelope.EventName) is not { } eventType)
        {
            return Park(delivery, $"No event named '{envelope.EventName}' is known here. Add its type with AddEvent<T>() or AddListeners(), or discard the delivery.");
        }

        if (newer.WhyUnknown(eventType, envelope) is { } unknown)
        {
            return Park(delivery, unknown);
        }

        if (plans.Find(delivery.ListenerId) is not { } plan)
        {
            return Park(delivery, $"No durable listener '{delivery.ListenerId}' is known here. Add it, give it back the id it had when the event was stored, or discard the delivery.");
        }

        if (delivery.Attempt > plan.Retries.MaxAttempts + ForgivenLosses)
        {
            // Only a process that died, or a lease that ran out, leaves an attempt without an outcome.
            return outcomes.GiveUp(
                delivery,
                $"Given up: of {delivery.Attempt - 1} attempts the last {ForgivenLosses + 1} or more had no outcome, since they ended with their process or outlived their lease.");
        }

        return observer.IsWanted
            ? await ObserveAsync(held, eventType, plan, token).ConfigureAwait(false)
            : await TryAsync(held, eventType, plan, token).ConfigureAwait(false);
    }

    private Settlement Park(LeasedDelivery delivery, string reason)
    {
        foreign.Met(delivery);
        return outcomes.Park(delivery, reason);
    }

    private async ValueTask<Settlement?> ObserveAsync(HeldDelivery held, EventType eventType, AttemptPlan plan, CancellationToken token)
    {
        var observed = observer.Begin(held.Delivery);
        Settlement? settlement = null;
        try
        {
            return settlement = await TryAsync(held, eventType, plan, token).ConfigureAwait(false);
        }
        finally
        {
            observer.End(observed, held, settlement);
        }
    }

    private async ValueTask<Settlement?> TryAsync(HeldDelivery held, EventType eventType, AttemptPlan plan, CancellationToken token)
    {
        try
        {
            return await CallAsync(held, eventType, plan, token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a listener throws is its failure; it is kept with the delivery and logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return After(held, plan, exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Settlement?> CallAsync(HeldDelivery held, EventType eventType, AttemptPlan plan, CancellationToken token)
    {
        var delivery = held.Delivery;
        if (plan.Remember is not null && await FindBeforeAsync(held, token).ConfigureAwait(false) is { } before)
        {
            return before;
        }

        AttemptDecision? decision;
        using (AttemptTimer.Start(held, plan.Timeout, time, _logger))
        {
            decision = await caller.CallAsync(held, eventType, plan, token).ConfigureAwait(false);
        }

        if (held.IsSettled)
        {
            return null;
        }

        if (decision is not null)
        {
            return After(delivery, plan, decision);
        }

        if (plan.Remember is { } keep)
        {
            await remembered.RememberAsync(held, keep).ConfigureAwait(false);
        }

        return outcomes.Complete(held);
    }

    /// <returns>What becomes of the delivery without a call of its listener; null if the listener is to be called.</returns>
    private async ValueTask<Settlement?> FindBeforeAsync(HeldDelivery held, CancellationToken token)
    {
        var delivery = held.Delivery;
        try
        {
            if (!await remembered.KnowsAsync(delivery, token).ConfigureAwait(false))
            {
                return null;
            }
        }
#pragma warning disable CA1031 // Whatever a store throws.
        catch (Exception exception) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Not the listener's failure. What is given back is written down when the store answers again, and comes again then.
            Log.StoreUnavailable(_logger, "asked for completed events", TimeSpan.Zero, exception);
            return outcomes.Release(delivery);
        }

        Log.AlreadyCompleted(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id);
        return outcomes.Complete(held);
    }

    private Settlement After(LeasedDelivery delivery, AttemptPlan plan, AttemptDecision decision) => decision.Outcome switch
    {
        DeliveryOutcome.Snoozed => outcomes.Snooze(delivery, decision.Delay!.Value),
        DeliveryOutcome.Discarded => outcomes.Discard(delivery, decision.Reason),
        _ => outcomes.Fail(delivery, plan, failure: null, decision.Reason, decision.Delay),
    };

    private Settlement After(HeldDelivery held, AttemptPlan plan, Exception exception)
    {
        var delivery = held.Delivery;
        if (held.IsCancelRequested)
        {
            return outcomes.Cancel(delivery, AttemptOutcomes.Describe(exception));
        }

        if (exception is NoTransactionException noTransaction)
        {
            return outcomes.PutOff(delivery, noTransaction);
        }

        held.Failure = !IsCancellation(exception) ? exception
            : held.IsTimedOut ? new TimeoutException($"The listener '{delivery.ListenerId}' did not finish within its time-out of {plan.Timeout}.", exception)
            : held.IsStopping || held.IsLost ? null
            : exception;
        return held.Failure is null ? outcomes.Release(delivery) : outcomes.Fail(delivery, plan, held.Failure);
    }

    // Task.Wait and others wrap it.
    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException
        || (exception is AggregateException many ? many.Flatten().InnerExceptions.All(IsCancellation) : exception.InnerException is { } inner && IsCancellation(inner));
}
