using System.Diagnostics;

namespace Carillon.Benchmarks.Transport;

/// <summary>When which event arrived, and that all have.</summary>
internal sealed class Arrivals(int events)
{
    private readonly long[] _at = new long[events];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    internal static Arrivals Current { get; set; } = new(0);

    internal Task All => _all.Task;

    internal void Add(int number)
    {
        // Delivery is at least once: a second arrival is not counted again.
        if (Interlocked.CompareExchange(ref _at[number], Stopwatch.GetTimestamp(), 0) == 0 && Interlocked.Increment(ref _count) == events)
        {
            _all.TrySetResult();
        }
    }

    internal long TimeOf(int number) => Volatile.Read(ref _at[number]);
}
