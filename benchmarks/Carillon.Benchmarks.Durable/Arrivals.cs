using System.Diagnostics;

namespace Carillon.Benchmarks.Durable;

/// <summary>When which event reached its listener.</summary>
internal static class Arrivals
{
    private static long[] _at = [];
    private static int _count;

    internal static int Count => Volatile.Read(ref _count);

    internal static void Expect(int events)
    {
        _at = new long[events];
        Volatile.Write(ref _count, 0);
    }

    internal static void Add(int number)
    {
        // Delivery is at least once: a second arrival is not counted again.
        if (Interlocked.CompareExchange(ref _at[number], Stopwatch.GetTimestamp(), 0) == 0)
        {
            Interlocked.Increment(ref _count);
        }
    }

    internal static long TimeOf(int number) => Volatile.Read(ref _at[number]);
}
