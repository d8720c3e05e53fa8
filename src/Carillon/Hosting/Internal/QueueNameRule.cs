using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting.Internal;

/// <summary>
/// Queues that were named and have no listener, or are much like one that was: a queue is made by its name, and one that was misspelled is a queue of its own. Never refused, since
/// another application that shares the store may have it.
/// </summary>
internal sealed class QueueNameRule(QueueNames configured, WorkerOptions worker, IEnumerable<Listener> listeners)
{
    private readonly Dictionary<string, string> _listenerOf = listeners
        .GroupBy(listener => listener.Queue ?? Queues.Default, StringComparer.Ordinal)
        .ToDictionary(of => of.Key, of => of.First().Id, StringComparer.Ordinal);

    internal void Tell(ILogger logger)
    {
        foreach (var queue in configured.All)
        {
            TellIfUnused(logger, queue, "ConfigureQueue");
        }

        foreach (var queue in worker.Queues?.Except(configured.All, StringComparer.Ordinal) ?? [])
        {
            TellIfUnused(logger, queue, "WorkerOptions.Queues");
        }

        var named = configured.All.Concat(worker.Queues ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var (queue, listener) in _listenerOf)
        {
            // If nobody is in the other one, that was said already.
            if (queue != Queues.Default && !named.Contains(queue) && NearestIds.Spelled(queue, named.Where(_listenerOf.ContainsKey)) is { } near)
            {
                Log.QueueMisspelled(
                    logger, $"The listener '{listener}' is in the queue '{queue}', of which nothing was said. Did you mean '{near}'? Otherwise say something of '{queue}' with ConfigureQueue.");
            }
        }
    }

    private void TellIfUnused(ILogger logger, string queue, string where)
    {
        if (queue == Queues.Default || _listenerOf.ContainsKey(queue))
        {
            return;
        }

        if (NearestIds.Spelled(queue, _listenerOf.Keys.Where(each => each != Queues.Default)) is { } near)
        {
            Log.QueueMisspelled(logger, $"{where} speaks of the queue '{queue}', and no durable listener of this application is in it. Did you mean '{near}'?");
        }
        else
        {
            Log.QueueUnused(logger, where, queue);
        }
    }
}
