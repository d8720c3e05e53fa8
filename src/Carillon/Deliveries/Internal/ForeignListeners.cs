using System.Collections.Concurrent;
using Carillon.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>
/// Listeners that this process lacks, or cannot serve, and another one has: their deliveries are left to that one. Otherwise this process would put aside again and again what the other has made
/// ready, and might always be the quicker one.
/// </summary>
/// <remarks>
/// That another one has it shows when a delivery that was put aside comes again: only who knows its names makes it ready, or a person. For a while only: should the other one be gone for
/// good, what waits is put aside with its reason, as everything that nobody knows.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class ForeignListeners(TimeProvider time, IOptions<WorkerOptions> options)
{
    // What the store is told with each request.
    private const int Most = 100;

    private const int Sweeps = 10;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>A delivery is put aside here, for want of its names.</summary>
    internal void Met(LeasedDelivery delivery)
    {
        // Each lease raises the token, and an attempt that was put aside is given back.
        if (delivery.Token > delivery.Attempt && _until.Count < Most)
        {
            _until[delivery.ListenerId] = time.GetUtcNow() + (Sweeps * options.Value.SweepInterval);
        }
    }

    /// <summary>Those whose deliveries are left to others now.</summary>
    internal IReadOnlyCollection<string> List()
    {
        if (_until.IsEmpty)
        {
            return [];
        }

        var now = time.GetUtcNow();
        foreach (var (listener, until) in _until)
        {
            if (until <= now)
            {
                _until.TryRemove(KeyValuePair.Create(listener, until));
            }
        }

        return [.. _until.Keys];
    }
}
