namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>What is appended, whatever the database and whoever appends: streams of a hundred events, each stream at once.</summary>
internal static class Appends
{
    internal const int Streams = 300;
    internal const int Batch = 100;

    internal static string StreamOf(int number) => $"basket-{number}";
}
