using Carillon.Quartz.Internal;
using Carillon.Scheduling;
using Expression = global::Quartz.CronExpression;

namespace Carillon.Quartz;

/// <summary>The times of a cron expression, as Quartz.NET reads it: <c>0 0 3 * * ?</c> is at three o'clock every night.</summary>
/// <remarks>
/// <para>Six fields, and a year if you want: seconds, minutes, hours, day of the month, month, day of the week. The days of the week are 1 to 7 from Sunday, or SUN to SAT.</para>
/// <para>
/// When the clocks of the zone change, a time that they leave out is made up for right after the gap, and one that they show twice counts once, the first
/// time. An expression for every hour (<c>*</c>) keeps its pace and runs in both hours.
/// </para>
/// </remarks>
/// <threadsafety>Immutable; safe for concurrent use.</threadsafety>
public sealed class CronSchedule : ISchedule
{
    private readonly string _text;
    private readonly TimeZoneInfo _zone;
    private readonly Expression? _expression;
    private readonly bool _isEveryHour;

    /// <summary>Reads an expression. One that is malformed or impossible is not refused here: <see cref="Fault"/> says what is wrong, and the host does not start with it.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="zone">Where its times are; null, the default, for UTC.</param>
    public CronSchedule(string expression, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        _text = expression;
        _zone = zone ?? TimeZoneInfo.Utc;
        (_expression, Fault) = CronReader.Read(expression, _zone);
        _isEveryHour = _expression is not null && CronReader.IsEveryHour(_expression);
    }

    /// <inheritdoc/>
    public string? Fault { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The expression is malformed: <see cref="Fault"/> says how.</exception>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var expression = _expression ?? throw new InvalidOperationException(Fault);
        var next = expression.GetNextValidTimeAfter(after);

        // Quartz runs lists and ranges of hours, and every few minutes of one, in both hours of a night that has one twice.
        while (!_isEveryHour && next is { } time && IsSecondTime(time))
        {
            next = expression.GetNextValidTimeAfter(time);
        }

        return next?.ToUniversalTime();
    }

    /// <summary>The expression and its zone.</summary>
    public override string ToString() => $"cron '{_text}' {_zone.Id}";

    // The clocks go back: what they show was shown before, with the greater offset.
    private bool IsSecondTime(DateTimeOffset time) =>
        _zone.IsAmbiguousTime(time) && _zone.GetUtcOffset(time) == _zone.GetAmbiguousTimeOffsets(time).Min();
}
