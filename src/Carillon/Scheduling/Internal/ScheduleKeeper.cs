using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Hosting;
using Carillon.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Carillon.Scheduling.Internal;

/// <summary>Makes sure that each schedule has its tick: at start, and from time to time, should somebody have discarded one or one have failed for good.</summary>
/// <remarks>Every process does this. A tick is unique, so that only the first one writes it.</remarks>
internal sealed class ScheduleKeeper(
    CarillonSetup setup, ScheduleDeliveries deliveries, TickStore ticks, StoreSlot store, DeliveriesInHand inHand, TimeProvider time, IOptions<WorkerOptions> options, Loggers loggers)
    : IDisposable
{
    private readonly RecurringSchedule[] _schedules = [.. setup.Schedules!.Values];
    private readonly CancellationTokenSource _stop = new();

    // Schedules whose tick was written by code that said other times. Done once: beside an older version of the application both would move it to and fro.
    private List<RecurringSchedule> _changed = [];
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Completed when it looks after nothing any more.</summary>
    internal Task Running => _running;

    /// <summary>The first time, before the worker starts.</summary>
    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _changed = await FindChangedAsync(await EnsureAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        await MoveChangedAsync(cancellationToken).ConfigureAwait(false);
        var starts = _schedules.Where(schedule => schedule.Options.RunAtStart).Select(deliveries.Start).ToList();
        if (starts.Count > 0)
        {
            await store.Required.AddAsync(starts, cancellationToken).ConfigureAwait(false);
        }

        foreach (var schedule in _schedules.Where(schedule => !schedule.Options.RunAtStart && schedule.Times is not NoSchedule && schedule.TimeAfter(time.GetUtcNow()) is null))
        {
            Log.ScheduleIsOver(loggers.Worker, schedule.Name, schedule.Text);
        }

        _running = RunAsync(_stop.Token);
    }

    internal async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A host that is disposed of without being stopped looks after nothing any more.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    private Task RunAsync(CancellationToken stop) => PeriodicWork.RunAsync(
        options.Value.SweepInterval,
        time,
        LookAfterAllAsync,
        exception => Log.StoreUnavailable(loggers.Worker, "looked after schedules", options.Value.SweepInterval, exception),
        stop);

    private async ValueTask LookAfterAllAsync(CancellationToken stop)
    {
        await EnsureAsync(stop).ConfigureAwait(false);
        await MoveChangedAsync(stop).ConfigureAwait(false);
        inHand.Poll();
    }

    private async ValueTask<List<(RecurringSchedule Schedule, NewDelivery Tick)>> EnsureAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<(RecurringSchedule Schedule, NewDelivery Tick)> written = [];
        foreach (var schedule in _schedules)
        {
            try
            {
                if (schedule.TickAfter(now, last: null) is { } tick)
                {
                    written.Add((schedule, deliveries.Wait(tick)));
                }
            }
            catch (CarillonException exception)
            {
                // At the start it was asked already; the others go on.
                Log.ScheduleHasFailed(loggers.Worker, schedule.Name, exception);
            }
        }

        if (written.Count > 0)
        {
            await store.Required.AddAsync(written.ConvertAll(each => each.Tick), cancellationToken).ConfigureAwait(false);
        }

        return written;
    }

    private async ValueTask<List<RecurringSchedule>> FindChangedAsync(
        List<(RecurringSchedule Schedule, NewDelivery Tick)> written, CancellationToken cancellationToken)
    {
        List<RecurringSchedule> changed = [];
        foreach (var (schedule, tick) in written.Where(each => each.Tick.IsDuplicate))
        {
            if (await ticks.FindAsync(tick.Id, cancellationToken).ConfigureAwait(false) is { Tick: { IsPaused: false } present } && present.Text != schedule.Text)
            {
                changed.Add(schedule);
            }
        }

        return changed;
    }

    private async ValueTask MoveChangedAsync(CancellationToken cancellationToken)
    {
        foreach (var schedule in _changed.ToArray())
        {
            var waiting = await ticks.FindAsync(schedule.Name, cancellationToken).ConfigureAwait(false);
            if (waiting is null || waiting.Tick.Text == schedule.Text || waiting.Tick.IsPaused)
            {
                _changed.Remove(schedule);
            }
            else if (await ticks.TryReplaceAsync(waiting, schedule.TickAfter(time.GetUtcNow(), waiting.Tick.Last), cancellationToken).ConfigureAwait(false))
            {
                _changed.Remove(schedule);
                Log.ScheduleMoved(loggers.Worker, schedule.Name, waiting.Tick.Text, schedule.Text);
            }
        }
    }
}
