using Carillon.Diagnostics.Internal;
using Carillon.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>What becomes of a delivery after an attempt, said in the log where somebody should know.</summary>
internal sealed class AttemptOutcomes(TimeProvider time, IOptions<WorkerOptions> worker, Loggers loggers)
{
    private const int MaxErrorLength = 8 * 1024;

    // As long as a store that does not answer is left alone at the most.
    private static readonly TimeSpan WithoutTransaction = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.Deliveries;
    private readonly WorkerOptions _worker = worker.Value;

    internal Settlement Complete(HeldDelivery held)
    {
        var now = time.GetUtcNow();
        var keep = held.Lane.Settings.KeepCompleted;
        return new Settlement
        {
            Delivery = held.Delivery,
            Outcome = DeliveryOutcome.Completed,
            At = now,
            KeepUntil = keep > TimeSpan.Zero ? now + keep : null,
        };
    }

    internal Settlement Release(LeasedDelivery delivery) => Settle(delivery, DeliveryOutcome.Released);

    internal Settlement Cancel(LeasedDelivery delivery, string? error)
    {
        Log.DeliveryCancelled(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id);
        return Settle(delivery, DeliveryOutcome.Cancelled, error, keep: _worker.KeepDiscarded);
    }

    internal Settlement Snooze(LeasedDelivery delivery, TimeSpan delay)
    {
        Log.DeliverySnoozed(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, delay);
        return Settle(delivery, DeliveryOutcome.Snoozed, retryAfter: delay);
    }

    /// <summary>The attempt could not begin for want of a transaction, which is not its listener's failure: it does not count.</summary>
    internal Settlement PutOff(LeasedDelivery delivery, NoTransactionException reason)
    {
        Log.NoTransaction(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, WithoutTransaction, reason.InnerException!);
        return Settle(delivery, DeliveryOutcome.Snoozed, retryAfter: WithoutTransaction);
    }

    internal Settlement Discard(LeasedDelivery delivery, string? reason)
    {
        Log.DeliveryDiscarded(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, reason);
        return Settle(delivery, DeliveryOutcome.Discarded, reason, keep: _worker.KeepDiscarded);
    }

    internal Settlement Park(LeasedDelivery delivery, string reason)
    {
        Log.DeliveryParked(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, reason);
        return Settle(delivery, DeliveryOutcome.Parked, reason);
    }

    /// <summary>Kept as failed without another attempt.</summary>
    internal Settlement GiveUp(LeasedDelivery delivery, string reason)
    {
        Log.DeliveryGivenUp(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id, reason);
        return Settle(delivery, DeliveryOutcome.Failed, reason, keep: _worker.KeepFailed);
    }

    /// <summary>The attempt has failed: there is another one, or it was the last.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="plan">How often, and when again.</param>
    /// <param name="failure">Why; null if the listener has only said so.</param>
    /// <param name="reason">What it has said, if there is no exception.</param>
    /// <param name="delay">When it wants to come again, if it has said so.</param>
    internal Settlement Fail(LeasedDelivery delivery, AttemptPlan plan, Exception? failure, string? reason = null, TimeSpan? delay = null)
    {
        var limits = plan.Retries.For(failure);
        var envelope = delivery.Envelope;
        var error = failure is null ? Shorten(reason!) : Describe(failure);
        if (failure is UnrecoverableListenerException || delivery.Attempt >= limits.MaxAttempts)
        {
            Log.DeliveryFailed(_logger, delivery.ListenerId, envelope.EventName, envelope.Id, delivery.Attempt, failure);
            return Settle(delivery, DeliveryOutcome.Failed, error, keep: _worker.KeepFailed);
        }

        var wait = delay ?? limits.BackOff.After(delivery.Attempt);
        Log.AttemptFailed(_logger, delivery.ListenerId, envelope.EventName, envelope.Id, delivery.Attempt, limits.MaxAttempts, wait, failure);
        return Settle(delivery, DeliveryOutcome.Retry, error, wait, _worker.KeepDiscarded);
    }

    internal static string Describe(Exception exception)
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

        return Shorten(text);
    }

    private static string Shorten(string text) => text.Length <= MaxErrorLength ? text : text[..MaxErrorLength];

    // What is to be kept for a while is so even if the store makes something else of it: a retry of what was cancelled meanwhile.
    private Settlement Settle(LeasedDelivery delivery, DeliveryOutcome outcome, string? error = null, TimeSpan? retryAfter = null, TimeSpan? keep = null)
    {
        var now = time.GetUtcNow();
        return new() { Delivery = delivery, Outcome = outcome, At = now, Error = error, RetryAt = retryAfter is { } wait ? now.After(wait) : null, KeepUntil = now + keep };
    }
}
