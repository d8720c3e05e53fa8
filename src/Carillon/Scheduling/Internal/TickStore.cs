using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Envelopes.Internal;

namespace Carillon.Scheduling.Internal;

/// <summary>The ticks that wait in the store.</summary>
internal sealed class TickStore(StoreSlot store, EventSerializer serializer, ScheduleDeliveries deliveries, TimeProvider time)
{
    /// <summary>A tick by the id of its delivery; null if it is not there any more.</summary>
    internal async ValueTask<WaitingTick?> FindAsync(long id, CancellationToken cancellationToken) =>
        await store.Required.FindAsync(id, time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is { } found && found.Delivery.UniqueKey is not null
            ? new WaitingTick(id, (ScheduleTick)serializer.Deserialize(ScheduleTick.EventType, found.Envelope))
            : null;

    /// <summary>The tick of a schedule; null if none waits or runs.</summary>
    internal async ValueTask<WaitingTick?> FindAsync(string schedule, CancellationToken cancellationToken)
    {
        var query = new DeliveryQuery { UniqueKey = ScheduleTick.UniqueKey(schedule), PageSize = 1 };
        var found = await store.Required.ListAsync(query, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return found is [var tick, ..] ? await FindAsync(tick.Id, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Every tick that waits or runs, those of starts left aside.</summary>
    internal async ValueTask<List<WaitingTick>> ListAsync(CancellationToken cancellationToken)
    {
        List<WaitingTick> all = [];
        var query = new DeliveryQuery { EventName = ScheduleTick.EventName, OldestFirst = true, PageSize = DeliveryQuery.MaxPageSize };
        while (await store.Required.ListAsync(query, time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var each in page.Where(each => each.UniqueKey == each.ListenerId))
            {
                if (await FindAsync(each.Id, cancellationToken).ConfigureAwait(false) is { } waiting)
                {
                    all.Add(waiting);
                }
            }

            query.AfterId = page[^1].Id;
        }

        return all;
    }

    /// <summary>Writes a tick, unless one of its schedule is there.</summary>
    internal async ValueTask<bool> TryAddAsync(ScheduleTick tick, CancellationToken cancellationToken)
    {
        var delivery = deliveries.Wait(tick);
        await store.Required.AddAsync([delivery], cancellationToken).ConfigureAwait(false);
        return !delivery.IsDuplicate;
    }

    /// <summary>Takes a tick away.</summary>
    /// <returns>False if somebody has it just now.</returns>
    internal async ValueTask<bool> TryRemoveAsync(WaitingTick waiting, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await store.Required.DiscardAsync([waiting.Id], now, keepUntil: now, cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Puts another tick in the place of one. Should the process die in between, the schedule gets its next tick from whoever looks after it.</summary>
    /// <returns>False if somebody has the first one just now, or has written another one meanwhile.</returns>
    internal async ValueTask<bool> TryReplaceAsync(WaitingTick waiting, ScheduleTick? tick, CancellationToken cancellationToken) =>
        await TryRemoveAsync(waiting, cancellationToken).ConfigureAwait(false)
        // Not under the caller's token: the first one is gone.
        && (tick is null || await TryAddAsync(tick, CancellationToken.None).ConfigureAwait(false));
}

/// <summary>A tick that waits.</summary>
/// <param name="Id">The id of its delivery.</param>
/// <param name="Tick">What it says.</param>
internal sealed record WaitingTick(long Id, ScheduleTick Tick);
