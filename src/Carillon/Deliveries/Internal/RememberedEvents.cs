using Carillon.Diagnostics.Internal;
using Carillon.Inbox;
using Carillon.Retries;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Recognises an event that a listener has completed before: a second delivery of it, or one whose completion could not be written down any more.</summary>
internal sealed class RememberedEvents(StoreSlot store, TimeProvider time, JitterSource jitter, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Deliveries;
    private readonly BackOff _backOff = BackOff.OfStore(jitter);

    internal ValueTask<bool> KnowsAsync(LeasedDelivery delivery, CancellationToken token) =>
        Inbox.IsRecordedAsync(delivery.ListenerId, MessageOf(delivery.Envelope.Id), time.GetUtcNow(), token);

    /// <summary>Notes that the listener has completed the event; tried again until it can be, since the listener is not to run again for a store that was away.</summary>
    internal async ValueTask RememberAsync(HeldDelivery held, TimeSpan keep)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RememberAsync(held.Delivery, keep).ConfigureAwait(false);
                return;
            }
#pragma warning disable CA1031 // Whatever a store throws: the listener has run.
            catch (Exception exception) when (!held.IsLost && !held.IsStopping)
#pragma warning restore CA1031
            {
                await WaitAsync(_backOff.After(attempt), exception).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A person wants the listener to run again.</summary>
    internal ValueTask ForgetAsync(string listenerId, Guid eventId, CancellationToken cancellationToken) =>
        Inbox.ForgetAsync(listenerId, MessageOf(eventId), cancellationToken);

    private IInboxStore Inbox => (IInboxStore)store.Required;

    private static string MessageOf(Guid eventId) => eventId.ToString("N");

    private async ValueTask RememberAsync(LeasedDelivery delivery, TimeSpan keep)
    {
        var now = time.GetUtcNow();
        await Inbox.TryRecordAsync(transaction: null, delivery.ListenerId, MessageOf(delivery.Envelope.Id), now, now.After(keep), CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask WaitAsync(TimeSpan delay, Exception exception)
    {
        Log.StoreUnavailable(_logger, "noted completed events", delay, exception);
        await Task.Delay(delay, time).ConfigureAwait(false);
    }
}
