using Carillon.Deliveries.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Jobs.Internal;
using Carillon.Scheduling.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>What can be wrong with schedules.</summary>
internal sealed class ScheduleRules(CarillonSetup setup, IServiceProvider services)
{
    private const int MaxNameLength = 100;

    internal void Check(List<string> problems)
    {
        if (services.GetRequiredService<StoreSlot>().Optional is null)
        {
            problems.Add(
                $"The schedule '{setup.Schedules!.Keys.First()}' needs a delivery store, which keeps its next time, and there is none. "
                + "Choose one in AddCarillon: UseSqlite(\"Data Source=app.db\"), or UseInMemory() for development.");
        }

        foreach (var schedule in setup.Schedules!.Values)
        {
            problems.AddRange(Faults(schedule));
        }
    }

    private string? WhyNoTime(RecurringSchedule schedule)
    {
        try
        {
            _ = schedule.TimeAfter(services.GetRequiredService<TimeProvider>().GetUtcNow());
            return null;
        }
        catch (CarillonException exception)
        {
            return exception.Message;
        }
    }

    private IEnumerable<string> Faults(RecurringSchedule schedule)
    {
        if (schedule.Name.Length > MaxNameLength)
        {
            yield return $"The schedule '{schedule.Name}' has a name of {schedule.Name.Length} characters. It is kept with each time: {MaxNameLength} are the most.";
        }

        if (schedule.Times.Fault is { } impossible)
        {
            yield return $"The schedule '{schedule.Name}' can never run: {impossible}";
        }
        else if (WhyNoTime(schedule) is { } reason)
        {
            yield return reason;
        }

        if (schedule.Options.MissedLimit < 1)
        {
            yield return $"ScheduleOptions.MissedLimit of '{schedule.Name}' is {schedule.Options.MissedLimit}, but must be at least 1. To make up for nothing, set MissedTicks to Skip.";
        }

        if (schedule.Options.MissedAfter < TimeSpan.Zero)
        {
            yield return $"ScheduleOptions.MissedAfter of '{schedule.Name}' is {schedule.Options.MissedAfter}, but must not be negative.";
        }

        if (schedule.Options.StartWindow <= TimeSpan.Zero)
        {
            yield return $"ScheduleOptions.StartWindow of '{schedule.Name}' is {schedule.Options.StartWindow}, but must be longer than nothing: processes never start at one instant.";
        }

        // What a job is made of is looked at with its handler.
        if (schedule.EventType.IsAbstract || JobHandlers.IsJob(schedule.EventType) || !setup.HasEngine)
        {
            yield break;
        }

        var acceptsLoss = setup.EventTypeOf(schedule.EventType).AcceptsLoss;
        foreach (var fault in services.GetRequiredService<EventSerializer>().FindFaults(schedule.EventType).Where(fault => !fault.IsLoss || !acceptsLoss))
        {
            yield return $"The event '{schedule.EventType}' of the schedule '{schedule.Name}' cannot be stored: {fault.Text}";
        }
    }
}
