namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A call that waits until somebody carries it out, and may be given up until then.</summary>
/// <typeparam name="TResult">What its caller is told.</typeparam>
internal abstract class WaitingCall<TResult>
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;

    // Whoever carries it out has others to serve, and never runs what its callers do next.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private int _progress;

    internal Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (call, token) => ((WaitingCall<TResult>)call!).Cancel(token), this);
        }

        return _completion.Task;
    }

    /// <summary>
    /// From here on it is carried out, its bytes are read, and its caller is told how it ended, cancelled or not: a call that throws that it was cancelled has changed nothing.
    /// </summary>
    /// <returns>False if it was cancelled before.</returns>
    internal bool TryBegin() => Interlocked.CompareExchange(ref _progress, Begun, Waiting) == Waiting;

    internal void Complete(TResult result)
    {
        _cancellation.Unregister();
        _completion.TrySetResult(result);
    }

    internal void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _completion.TrySetException(exception);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _progress, Cancelled, Waiting) == Waiting)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
    }
}
