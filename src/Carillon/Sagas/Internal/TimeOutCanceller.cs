using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sagas.Internal;

/// <summary>Takes time-outs out of the store that are wanted no more. One that is being dispatched just now goes on, or has gone, and its saga leaves it out.</summary>
internal sealed class TimeOutCanceller(StoreSlot store, TimeProvider time)
{
    internal static readonly Listener Listener = new(TimeOutsToCancel.EventName, typeof(TimeOutsToCancel), Take) { Delivery = Delivery.Durable, LeavesWithOutcome = true };

    internal async ValueTask RunAsync(TimeOutsToCancel cancelling, CancellationToken cancellationToken)
    {
        foreach (var id in cancelling.Ids)
        {
            var now = time.GetUtcNow();
            var query = new DeliveryQuery { UniqueKey = TimeOutsToCancel.UniqueKey(id), PageSize = 1 };
            if (await store.Required.ListAsync(query, now, cancellationToken).ConfigureAwait(false) is [var waiting, ..])
            {
                // Kept until now: nobody has to look at what is wanted no more.
                await store.Required.DiscardAsync([waiting.Id], now, keepUntil: now, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static ValueTask Take(object @event, in ListenerCall call) =>
        call.Services.GetRequiredService<TimeOutCanceller>().RunAsync((TimeOutsToCancel)@event, call.CancellationToken);
}
