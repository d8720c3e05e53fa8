using System.Runtime.CompilerServices;

namespace Carillon.Simulation.World;

/// <summary>
/// All code of a simulation runs on one thread of the pool, in the order in which it was queued. So the same seed leads to the same run, though the engine is
/// ordinary asynchronous code that knows nothing of it.
/// </summary>
internal static class OneThread
{
    /// <summary>The pool has as many threads as there are processors, at least: this variable says that there is one.</summary>
    internal const string Variable = "DOTNET_PROCESSOR_COUNT";

    internal static void Require()
    {
        if (Environment.ProcessorCount != 1 || !ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
        {
            throw new InvalidOperationException($"The simulation needs a pool of one thread: start it with {Variable}=1.");
        }
    }

    /// <summary>Waits until everybody else waits: nothing that is queued is left to run.</summary>
    internal static async ValueTask IdleAsync()
    {
        do
        {
            await new Requeue();
        }
        while (ThreadPool.PendingWorkItemCount > 0);
    }

    /// <summary>Behind everybody who is queued: a yield would come back first, since what a thread queues itself it also runs first.</summary>
    private readonly struct Requeue : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Requeue GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) =>
            ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
    }
}
