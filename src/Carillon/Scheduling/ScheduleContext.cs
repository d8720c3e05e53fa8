namespace Carillon.Scheduling;

/// <summary>What a schedule's event is made from.</summary>
/// <param name="Name">The name of the schedule.</param>
/// <param name="At">The time for which it runs (UTC): that of the schedule, not that of the clock.</param>
/// <param name="Previous">The time for which it ran before (UTC); null if it never did, or if that is not known any more.</param>
/// <param name="Services">The scope in which the event is made.</param>
public sealed record ScheduleContext(string Name, DateTimeOffset At, DateTimeOffset? Previous, IServiceProvider Services);
