namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>Waits for listeners where EF Core was called synchronously.</summary>
internal static class Blocking
{
    /// <summary>Blocks the thread until it has ended, without the caller's synchronization context, to whose thread listeners would want to come back.</summary>
    internal static void Run(Func<ValueTask> run)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var running = run();
            if (!running.IsCompleted)
            {
                running.AsTask().GetAwaiter().GetResult();
                return;
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
