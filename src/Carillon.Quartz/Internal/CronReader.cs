using Expression = global::Quartz.CronExpression;

namespace Carillon.Quartz.Internal;

/// <summary>Reads cron expressions, and says what is wrong with one.</summary>
internal static class CronReader
{
    private const int FieldsOfCrontab = 5;
    private const int HourField = 2;
    private const string Example = "An example: \"0 0 3 * * ?\" is at three o'clock every night.";

    // No expression can name a year before it.
    private static readonly DateTimeOffset FirstYear = new(1969, 12, 31, 0, 0, 0, TimeSpan.Zero);

    internal static (Expression? Expression, string? Fault) Read(string text, TimeZoneInfo zone)
    {
        if (Fields(text).Length == FieldsOfCrontab)
        {
            // Quartz says it too, and how its own callers would go on.
            return (null, $"the expression '{text}' has five fields, as in a crontab; here the seconds come first, and the days of the week are 1 to 7 from Sunday. {Example}");
        }

        try
        {
            var expression = new Expression(text, zone);
            return expression.GetNextValidTimeAfter(FirstYear) is null
                ? (expression, $"the expression '{text}' names a date that no year has. {Example}")
                : (expression, null);
        }
        catch (FormatException exception)
        {
            return (null, $"the expression '{text}' is malformed: {exception.Message.TrimEnd('.')}. {Example}");
        }
    }

    /// <summary>Whether it leaves no hour of the day out.</summary>
    internal static bool IsEveryHour(Expression expression) => Fields(expression.ToString())[HourField] is "*" or "*/1" or "0/1" or "0-23";

    private static string[] Fields(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
