namespace Carillon.Scheduling.Internal;

/// <summary>No time at all.</summary>
internal sealed class NoSchedule : ISchedule
{
    public DateTimeOffset? Next(DateTimeOffset after) => null;

    public override string ToString() => "never";
}
