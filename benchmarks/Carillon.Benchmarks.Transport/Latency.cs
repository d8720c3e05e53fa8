using System.Diagnostics;

namespace Carillon.Benchmarks.Transport;

/// <summary>From the call to the arrival.</summary>
internal static class Latency
{
    internal static double[] Of(long[] called) =>
        [.. called.Select(static (from, number) => (Arrivals.Current.TimeOf(number) - from) * 1000.0 / Stopwatch.Frequency)];
}
