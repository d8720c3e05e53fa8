namespace Carillon.Scheduling;

/// <summary>When something recurs. Ready-made ones: <see cref="Schedules"/>; cron expressions are in the package Carillon.Quartz.</summary>
/// <remarks>
/// Every process asks for itself and all must hear the same: the answer depends on nothing but <c>after</c>. Override <see cref="object.ToString"/> so that it
/// says which times they are: the text is kept with the next time, and a schedule whose text has changed by the next start gets a new next time.
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface ISchedule
{
    /// <summary>The first time after another one; null if there is none any more.</summary>
    /// <param name="after">The time (UTC) before the one that is asked for; itself never the answer.</param>
    DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>Why it can never come: a date that no calendar has, a text that says no time. The host does not start with it. Defaults to null: it can.</summary>
    string? Fault => null;
}
