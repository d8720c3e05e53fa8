namespace Carillon.Benchmarks.InProcess;

/// <summary>Threads that wait for work, so that a measurement does not start any.</summary>
internal sealed class ThreadTeam : IDisposable
{
    private readonly Barrier _barrier;
    private Func<int, ValueTask>? _work;

    internal ThreadTeam(int threads)
    {
        _barrier = new Barrier(threads + 1);
        for (var number = 0; number < threads; number++)
        {
            var mine = number;
            new Thread(() => Loop(mine)) { IsBackground = true }.Start();
        }
    }

    /// <summary>Does the work on every thread, with its number, and returns when the last one is done.</summary>
    internal void Run(Func<int, ValueTask> work)
    {
        _work = work;
        _barrier.SignalAndWait();
        _barrier.SignalAndWait();
    }

    public void Dispose() => _barrier.Dispose();

    private void Loop(int number)
    {
        while (true)
        {
            _barrier.SignalAndWait();
            _work!(number).AsTask().GetAwaiter().GetResult();
            _barrier.SignalAndWait();
        }
    }
}
