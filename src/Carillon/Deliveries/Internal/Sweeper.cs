using System.Collections.Frozen;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events.Internal;
using Carillon.Hosting;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>
/// Looks again at what was put aside: parked deliveries whose names are known by now, completed ones that were kept long enough, queues that nobody here has named.
/// </summary>
internal sealed class Sweeper(
    StoreSlot store,
    DeliveriesInHand inHand,
    HandOver handOver,
    EventCatalog events,
    NewerVersions newer,
    ListenerRegistry listeners,
    TimeProvider time,
    IOptions<WorkerOptions> options,
    Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;

    private readonly KnownNames _known = new(
        events.Names.ToFrozenSet(),
        listeners.Durable.Select(listener => listener.Id).ToFrozenSet());

    internal Task RunAsync(CancellationToken stop) => PeriodicWork.RunAsync(options.Value.SweepInterval, time, SweepAsync, SayFailed, stop, atOnce: true);

    internal async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var ready = await store.Required.SweepAsync(new SweepRequest(Known(), time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        if (ready > 0)
        {
            Log.Unparked(_logger, ready);
            handOver.LookIntoStore();
        }

        // A listener that has moved to another queue leaves its deliveries behind in the old one.
        foreach (var queue in await store.Required.ListQueuesAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false))
        {
            inHand.FindOrAdd(queue.Name);
        }
    }

    private KnownNames Known() =>
        newer.IsAny ? _known with { EventNames = _known.EventNames.Where(name => !newer.Contains(name)).ToFrozenSet() } : _known;

    private void SayFailed(Exception exception) => Log.StoreUnavailable(_logger, "swept deliveries", options.Value.SweepInterval, exception);
}
