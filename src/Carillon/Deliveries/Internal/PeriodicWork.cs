namespace Carillon.Deliveries.Internal;

/// <summary>Work that is done again and again, at even intervals, until the host stops.</summary>
internal static class PeriodicWork
{
    /// <param name="interval">Between two rounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">One round.</param>
    /// <param name="failed">Told of an error, which ends the round and not the work.</param>
    /// <param name="stop">Ends the work.</param>
    /// <param name="atOnce">Whether there is a round before the first interval, which counts from its beginning.</param>
    internal static async Task RunAsync(
        TimeSpan interval, TimeProvider time, Func<CancellationToken, ValueTask> work, Action<Exception> failed, CancellationToken stop, bool atOnce = false)
    {
        using var timer = new PeriodicTimer(interval, time);
        if (atOnce)
        {
            await TryAsync(work, failed, stop).ConfigureAwait(false);
        }

        while (await WaitAsync(timer, stop).ConfigureAwait(false))
        {
            await TryAsync(work, failed, stop).ConfigureAwait(false);
        }
    }

    private static async ValueTask TryAsync(Func<CancellationToken, ValueTask> work, Action<Exception> failed, CancellationToken stop)
    {
        try
        {
            await work(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next wait ends at once.
        }
#pragma warning disable CA1031 // Nothing that a store throws may end the worker: the error is told and the next round comes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failed(exception);
        }
    }

    // False too when the timer is gone with the clock of a host that nobody stopped: there is no next round, however often one asks.
    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
