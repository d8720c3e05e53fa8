using System.Collections.Concurrent;
using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Runs the deliveries in hand, so many of each lane at a time, until it is told to stop.</summary>
internal sealed class AttemptLoop(DeliveriesInHand inHand, AttemptRunner runner, SettlementWriter settlements, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;

    private readonly ConcurrentDictionary<HeldDelivery, bool> _running = new();
    private volatile bool _isDraining;

    internal ICollection<HeldDelivery> Running => _running.Keys;

    /// <summary>One of the loops of a lane; <see cref="Drain"/> ends them all.</summary>
    internal async Task RunAsync(Lane lane)
    {
        // One source serves many attempts: it is reset between them and replaced only after it was cancelled.
        var attempt = new CancellationTokenSource();
        await foreach (var held in lane.Waiting.ReadAllAsync().ConfigureAwait(false))
        {
            if (_isDraining || lane.IsPaused)
            {
                settlements.Release(held);
                continue;
            }

            if (held.IsLost)
            {
                inHand.Remove(held);
                continue;
            }

            await RunAsync(held, attempt).ConfigureAwait(false);
            if (!attempt.TryReset())
            {
                // Not disposed: what was registered with it may still be running, and it holds nothing.
                attempt = new CancellationTokenSource();
            }
        }

        attempt.Dispose();
    }

    /// <summary>Nothing new starts; what waits is released.</summary>
    internal void Drain()
    {
        _isDraining = true;
        foreach (var lane in inHand.Lanes)
        {
            lane.CompleteWaiting();
            // Not left to the loops: all of them may be stuck in a listener.
            ReleaseWaiting(lane);
        }
    }

    /// <summary>Gives back what has not begun in a lane.</summary>
    internal void ReleaseWaiting(Lane lane)
    {
        while (lane.Waiting.TryRead(out var held))
        {
            settlements.Release(held);
        }
    }

    internal void CancelRunning()
    {
        foreach (var held in _running.Keys)
        {
            var delivery = held.Delivery;
            Log.CancelledAtStop(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id);
            held.Stop();
        }
    }

    private async ValueTask RunAsync(HeldDelivery held, CancellationTokenSource attempt)
    {
        _running.TryAdd(held, true);
        held.Begin(attempt);
        try
        {
            var settlement = await runner.RunAsync(held, attempt.Token).ConfigureAwait(false);
            held.End();
            if (settlement is null)
            {
                settlements.SettledElsewhere(held);
            }
            else if (held.IsLost)
            {
                // Not ours to settle any more; the store would refuse it.
                inHand.Remove(held);
            }
            else
            {
                settlements.Add(held, settlement);
            }
        }
#pragma warning disable CA1031 // The runner answers for listeners; what gets here is a logger or a tracer that throws, and must not end the loop.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is no telling what became of the attempt: the lease ends by itself, and the delivery comes again.
            held.End();
            inHand.Remove(held);
        }
        finally
        {
            _running.TryRemove(held, out _);
        }
    }
}
