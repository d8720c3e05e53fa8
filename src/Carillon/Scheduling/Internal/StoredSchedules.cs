using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Hosting.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Scheduling.Internal;

/// <summary>The schedules as a person sees them.</summary>
internal sealed class StoredSchedules(
    CarillonSetup setup, TickStore ticks, ScheduleDeliveries deliveries, DirectDeliveries direct, DeliveriesInHand inHand, IServiceScopeFactory scopes, TimeProvider time) : ISchedules
{
    // Whoever has a tick writes the next one within moments, unless its process has died: then the lease has to end.
    private const int Tries = 20;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    public async ValueTask<IReadOnlyList<ScheduleSnapshot>> ListAsync(CancellationToken cancellationToken = default)
    {
        var waiting = (await ticks.ListAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(each => each.Tick.Schedule, each => each.Tick);
        var known = setup.Schedules ?? [];
        return [.. known.Keys.Union(waiting.Keys).Order(StringComparer.Ordinal).Select(name => Describe(name, known.GetValueOrDefault(name), waiting.GetValueOrDefault(name)))];
    }

    public async ValueTask<bool> RunAsync(string name, CancellationToken cancellationToken = default)
    {
        var schedule = Known(name);
        var last = await ticks.FindAsync(name, cancellationToken).ConfigureAwait(false);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var run = deliveries.RunOf(schedule, new ScheduleContext(name, time.GetUtcNow(), last?.Tick.Last, scope.ServiceProvider));
            await direct.AddAsync([run], receipts: null, cancellationToken).ConfigureAwait(false);
            return !run.IsDuplicate;
        }
    }

    public ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            Known(name),
            static tick => tick is not { IsPaused: true },
            static (schedule, tick, now) => new ScheduleTick(schedule.Name, now, schedule.Text) { Last = tick?.Last, IsPaused = true },
            cancellationToken);

    public ValueTask<bool> ResumeAsync(string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(Known(name), static tick => tick is { IsPaused: true }, static (schedule, tick, now) => schedule.TickAfter(now, tick?.Last), cancellationToken);

    public async ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (setup.Schedules?.ContainsKey(name) is true)
        {
            throw new ArgumentException($"The schedule '{name}' is part of this application and would be back at its next start. Pause it, or take it out of the code first.", nameof(name));
        }

        return await ticks.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } waiting
            && await ticks.TryRemoveAsync(waiting, cancellationToken).ConfigureAwait(false);
    }

    private static ScheduleSnapshot Describe(string name, RecurringSchedule? schedule, ScheduleTick? tick) => new()
    {
        Name = name,
        Description = schedule?.Text ?? tick!.Text,
        Next = tick is { IsPaused: false } ? tick.At : null,
        Last = tick?.Last,
        IsPaused = tick is { IsPaused: true },
        IsKnown = schedule is not null,
    };

    private RecurringSchedule Known(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return setup.Schedules?.GetValueOrDefault(name)
            ?? throw new ArgumentException(
                $"There is no schedule '{name}' in this application. It has: {(setup.Schedules is { Count: > 0 } known ? string.Join(", ", known.Keys.Order(StringComparer.Ordinal)) : "none")}.",
                nameof(name));
    }

    // Others write ticks at the same time: what was read is taken away only if it is still there.
    private async ValueTask<bool> ChangeAsync(
        RecurringSchedule schedule, Predicate<ScheduleTick?> isToChange, Func<RecurringSchedule, ScheduleTick?, DateTimeOffset, ScheduleTick?> change, CancellationToken cancellationToken)
    {
        var hasTakenOne = false;
        for (var tried = 0; tried < Tries; tried++)
        {
            var waiting = await ticks.FindAsync(schedule.Name, cancellationToken).ConfigureAwait(false);
            if (!isToChange(waiting?.Tick))
            {
                return hasTakenOne;
            }

            var tick = change(schedule, waiting?.Tick, time.GetUtcNow());
            if (waiting is not null && !await ticks.TryRemoveAsync(waiting, cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(BetweenTries, time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // Not under the caller's token: the first one is gone.
            if (tick is null || await ticks.TryAddAsync(tick, waiting is null ? cancellationToken : CancellationToken.None).ConfigureAwait(false))
            {
                inHand.Poll();
                return true;
            }

            // Whoever looks after the schedules has missed the tick that was taken away, and has written one: that is there now, and nobody need be waited for.
            hasTakenOne |= waiting is not null;
        }

        throw new CarillonException($"The schedule '{schedule.Name}' could not be changed: a process has its tick just now and does not end with it. Try again when its lease has ended.");
    }
}
