using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes what a listener says of its deliveries.</summary>
internal static class DurableProperties
{
    internal static IEnumerable<string> Write(DurableModel durable)
    {
        if (durable.Queue is { } queue)
        {
            yield return $"Queue = {Text.Quote(queue)}";
        }

        if (durable.TimeoutSeconds != 0)
        {
            yield return $"Timeout = {Seconds(durable.TimeoutSeconds)}";
        }

        foreach (var (name, isSet) in new[]
        {
            ("Transactional", durable.Transactional), ("Ordered", durable.Ordered), ("SkipsFailed", durable.SkipsFailed),
        })
        {
            if (isSet)
            {
                yield return $"{name} = true";
            }
        }

        if (durable.MaxPerKey != 0)
        {
            yield return $"MaxPerKey = {durable.MaxPerKey}";
        }

        if (durable.RememberSeconds != 0)
        {
            yield return $"Remember = {Seconds(durable.RememberSeconds)}";
        }

        if (durable.Unique is { } unique)
        {
            yield return $"Unique = {Unique(unique)}";
        }
    }

    private static string Unique(UniqueModel unique)
    {
        var more = new List<string>();
        if (unique.ForSeconds != 0)
        {
            more.Add($"For = {Seconds(unique.ForSeconds)}");
        }

        if (unique.Replaces)
        {
            more.Add("Replaces = true");
        }

        if (unique.MaxWaitSeconds != 0)
        {
            more.Add($"MaxWait = {Seconds(unique.MaxWaitSeconds)}");
        }

        var until = $"{Names.UniqueUntil}.{(unique.UntilStarted ? "Started" : "Done")}";
        return $"new {Names.ListenerUniqueness}({until}){(more.Count == 0 ? string.Empty : $" {{ {string.Join(", ", more)} }}")}";
    }

    private static string Seconds(int seconds) => $"{Names.TimeSpan}.FromSeconds({seconds})";
}
