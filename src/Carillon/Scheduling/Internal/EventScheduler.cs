using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Dispatch.Internal;

namespace Carillon.Scheduling.Internal;

/// <summary>Stores events of one scope to be dispatched later.</summary>
internal sealed class EventScheduler(
    EventDispatcher dispatcher, ScheduleDeliveries deliveries, ScopeDeliveries scope, StoreSlot store, DeliveriesInHand inHand, TimeProvider time) : IEventScheduler
{
    public async ValueTask<ScheduledEvent> ScheduleAsync(object @event, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (@event is IJob)
        {
            throw new CarillonException($"'{@event.GetType()}' is a job, which is pushed and not dispatched: IJobs.PushAsync(job, new DeliveryOptions {{ DueAt = ... }}).");
        }

        return new ScheduledEvent(await scope.AddAsync(
            dispatcher, () => deliveries.Event(@event, at.ToUniversalTime(), dispatcher.Cause), options: null, cancellationToken).ConfigureAwait(false));
    }

    public ValueTask<ScheduledEvent> ScheduleAsync(object @event, TimeSpan delay, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return ScheduleAsync(@event, time.GetUtcNow().After(delay), cancellationToken);
    }

    public async ValueTask<bool> CancelAsync(long id, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return await IsWaitingAsync(id, now, cancellationToken).ConfigureAwait(false)
            // Kept until now: nobody has to look at what somebody did not want any more.
            && await store.Required.DiscardAsync([id], now, keepUntil: now, cancellationToken).ConfigureAwait(false) == 1;
    }

    public async ValueTask<bool> RescheduleAsync(long id, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        if (!await IsWaitingAsync(id, now, cancellationToken).ConfigureAwait(false)
            || !await store.Required.RescheduleAsync(id, at.ToUniversalTime(), now, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // The worker sleeps until the time that it knew of.
        inHand.Poll();
        return true;
    }

    private async ValueTask<bool> IsWaitingAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await store.Required.FindAsync(id, now, cancellationToken).ConfigureAwait(false)
            is { Delivery: { ListenerId: DueEvent.ListenerId, State: DeliveryState.Scheduled or DeliveryState.Ready } };
}
