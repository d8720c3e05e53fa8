namespace Carillon.Simulation.Processes;

/// <summary>The clock of one process: a little wrong, and silent once the process is dead.</summary>
internal sealed class ProcessTime(TimeProvider time, TimeSpan wrongBy, SimulatedProcess process) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + wrongBy;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        process.Own(time.CreateTimer(
            given =>
            {
                if (!process.IsDead)
                {
                    callback(given);
                }
            },
            state,
            dueTime,
            period));
}
