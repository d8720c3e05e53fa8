namespace Carillon.EventSourcing.Internal;

/// <summary>Wakes those of this process who have read everything and wait for more.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class AppendSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completed at the next append. Ask before you look, and wait for it if you have found nothing: nothing is missed in between.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Waits for an append of this process, or until it is time to look for those of others.</summary>
    internal static async ValueTask WaitAsync(Task next, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(patience, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
