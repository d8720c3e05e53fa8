namespace Carillon.Scheduling.Internal;

/// <summary>What a tick means at the moment at which somebody has it. Knows no clock and no store.</summary>
/// <param name="Runs">Whether the schedule runs for it.</param>
/// <param name="Next">The tick that follows; null if there is none any more.</param>
internal readonly record struct TickDecision(bool Runs, ScheduleTick? Next)
{
    internal static TickDecision Of(RecurringSchedule schedule, ScheduleTick tick, DateTimeOffset now)
    {
        if (tick.IsStart)
        {
            return new TickDecision(Runs: true, Next: null);
        }

        if (tick.IsPaused)
        {
            // Somebody has made the delivery itself due: a pause is ended by resuming the schedule.
            return new TickDecision(Runs: false, tick);
        }

        // One that was made due before its time stands for its time all the same.
        var reached = tick.At > now ? tick.At : now;
        return schedule.Options.MissedTicks switch
        {
            MissedTicks.Skip when now - tick.At > schedule.Options.MissedAfter => new TickDecision(Runs: false, schedule.TickAfter(reached, tick.Last)),
            MissedTicks.RunAll => new TickDecision(Runs: true, OneByOne(schedule, tick, now)),
            _ => new TickDecision(Runs: true, schedule.TickAfter(reached, tick.At)),
        };
    }

    private static ScheduleTick? OneByOne(RecurringSchedule schedule, ScheduleTick tick, DateTimeOffset now)
    {
        var next = schedule.TickAfter(tick.At, tick.At);
        return next is null || next.At > now ? next
            : tick.MadeUp + 1 < schedule.Options.MissedLimit ? next with { MadeUp = tick.MadeUp + 1 }
            : schedule.TickAfter(now, tick.At);
    }
}
