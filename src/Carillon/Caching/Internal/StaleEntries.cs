using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Caching.Internal;

/// <summary>Has the caches forget what an event has made stale, as a listener of it.</summary>
internal sealed class StaleEntries(CacheInvalidation invalidation)
{
    internal CacheInvalidation Invalidation => invalidation;

    internal Listener ToListener(string id) => new(id, invalidation.EventType, TakeAsync)
    {
        Delivery = invalidation.Durable ? Delivery.Durable : Delivery.AfterCommit,
        CanDispatch = false,
    };

    private ValueTask TakeAsync(object @event, in ListenerCall call) => InvalidateAsync(invalidation.Tag!(@event), call.Services, call.CancellationToken);

    private static async ValueTask InvalidateAsync(string tag, IServiceProvider services, CancellationToken cancellationToken)
    {
        List<Exception>? failures = null;
        foreach (var cache in services.GetServices<ICacheInvalidator>())
        {
            try
            {
                await cache.InvalidateAsync(tag, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // One cache that cannot be reached must not leave the others stale.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                (failures ??= []).Add(exception);
            }
        }

        if (failures is not null)
        {
            throw new AggregateException($"The entries with the tag '{tag}' may still be in a cache.", failures);
        }
    }
}
