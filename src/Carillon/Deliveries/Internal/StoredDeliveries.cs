using Carillon.Diagnostics.Internal;
using Carillon.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>The store as a person sees it, with the workers told of what became ready.</summary>
internal sealed class StoredDeliveries(
    StoreSlot store,
    DeliveryPages pages,
    DeliveriesInHand inHand,
    HandOver handOver,
    PauseWatch pauses,
    AttemptPlans plans,
    RememberedEvents remembered,
    DeliveryMetrics metrics,
    TimeProvider time,
    IOptions<WorkerOptions> options,
    Loggers loggers) : IDeliveries
{
    private readonly ILogger _logger = loggers.Deliveries;

    private static readonly DeliveryState[] Unsuccessful = [DeliveryState.Failed, DeliveryState.Parked, DeliveryState.Discarded, DeliveryState.Cancelled];
    private static readonly DeliveryState[] Ended = [DeliveryState.Completed, DeliveryState.Failed, DeliveryState.Discarded, DeliveryState.Cancelled];
    private static readonly DeliveryState[] Waiting = [DeliveryState.Scheduled, DeliveryState.Ready, DeliveryState.Failed, DeliveryState.Parked];

    private DateTimeOffset? KeepUntil => time.GetUtcNow() + options.Value.KeepDiscarded;

    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancellationToken = default) =>
        store.Required.CountAsync(time.GetUtcNow(), cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.PageSize, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, DeliveryQuery.MaxPageSize, nameof(query));
        return store.Required.ListAsync(query, time.GetUtcNow(), cancellationToken);
    }

    public ValueTask<DeliveryDetails?> FindAsync(long id, CancellationToken cancellationToken = default) =>
        store.Required.FindAsync(id, time.GetUtcNow(), cancellationToken);

    public async ValueTask<bool> RetryAsync(long id, CancellationToken cancellationToken = default)
    {
        var found = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        return found is not null && await RetryAsync([found.Delivery], cancellationToken).ConfigureAwait(false) > 0;
    }

    public ValueTask<int> RetryAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        pages.ChangeAsync(filter, Unsuccessful, page => RetryAsync(page, CancellationToken.None), progress, cancellationToken);

    public ValueTask<int> ReplayAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        pages.ChangeAsync(filter, Ended, page => RetryAsync(page, CancellationToken.None), progress, cancellationToken);

    public async ValueTask<bool> DiscardAsync(long id, CancellationToken cancellationToken = default) =>
        await DiscardAsync([id], cancellationToken).ConfigureAwait(false) > 0;

    public ValueTask<int> DiscardAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        pages.ChangeMovingAsync(filter, Waiting, page => DiscardAsync(IdsOf(page), CancellationToken.None), progress, cancellationToken);

    public async ValueTask<CancelResult> CancelAsync(long id, CancellationToken cancellationToken = default) =>
        (await CancelAsync([id], cancellationToken).ConfigureAwait(false))[0];

    public ValueTask<int> CancelAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        pages.ChangeMovingAsync(
            filter,
            [.. Waiting, DeliveryState.Leased],
            async page => (await CancelAsync(IdsOf(page), CancellationToken.None).ConfigureAwait(false)).Count(result => result != CancelResult.TooLate),
            progress,
            cancellationToken);

    public async ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, CancellationToken cancellationToken = default)
    {
        var isMoved = await store.Required.RescheduleAsync(id, dueAt, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (isMoved)
        {
            handOver.LookIntoStore();
        }

        return isMoved;
    }

    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(CancellationToken cancellationToken = default) =>
        store.Required.ListQueuesAsync(time.GetUtcNow(), cancellationToken);

    public async ValueTask<bool> PauseAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        var isNew = await store.Required.PauseAsync(queue, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        pauses.Pause(queue);
        store.Required.Announce();
        return isNew;
    }

    public async ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        var wasPaused = await store.Required.ResumeAsync(queue, cancellationToken).ConfigureAwait(false);
        pauses.Resume(queue);
        store.Required.Announce();
        return wasPaused;
    }

    private static List<long> IdsOf(IReadOnlyList<DeliverySnapshot> deliveries) => [.. deliveries.Select(delivery => delivery.Id)];

    private async ValueTask<int> RetryAsync(IReadOnlyList<DeliverySnapshot> deliveries, CancellationToken cancellationToken)
    {
        // Before they are ready: dying in between leaves a listener that would run again, and is not asked to.
        foreach (var delivery in deliveries.Where(delivery => plans.Find(delivery.ListenerId)?.Remember is not null && Ended.Contains(delivery.State)))
        {
            await remembered.ForgetAsync(delivery.ListenerId, delivery.EventId, cancellationToken).ConfigureAwait(false);
        }

        var ready = await store.Required.RetryAsync(IdsOf(deliveries), time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        TellIfAny(ready, "made ready again");
        return ready;
    }

    // One that is given up may have kept others from their turn.
    private async ValueTask<int> DiscardAsync(List<long> ids, CancellationToken cancellationToken)
    {
        var discarded = await store.Required.DiscardAsync(ids, time.GetUtcNow(), KeepUntil, cancellationToken).ConfigureAwait(false);
        metrics.DiscardedByHand(discarded);
        TellIfAny(discarded, "discarded");
        return discarded;
    }

    private async ValueTask<IReadOnlyList<CancelResult>> CancelAsync(List<long> ids, CancellationToken cancellationToken)
    {
        var results = await store.Required.CancelAsync(ids, time.GetUtcNow(), KeepUntil, cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < ids.Count; index++)
        {
            if (results[index] == CancelResult.Requested)
            {
                inHand.FindHeld(ids[index])?.CancelByRequest();
            }
        }

        var cancelled = results.Count(result => result == CancelResult.Cancelled);
        metrics.CancelledByHand(cancelled);
        TellIfAny(cancelled, "cancelled");
        return results;
    }

    private void TellIfAny(int changed, string action)
    {
        if (changed > 0)
        {
            Log.ChangedByHand(_logger, changed, action);
            handOver.LookIntoStore();
        }
    }
}
