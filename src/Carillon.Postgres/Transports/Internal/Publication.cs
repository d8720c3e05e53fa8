using Carillon.Transports;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>An event that waits to be written.</summary>
internal sealed class Publication(OutgoingEvent outgoing)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;

    private readonly TaskCompletionSource<PublishResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private int _progress;

    internal OutgoingEvent Event => outgoing;

    internal string Headers { get; } = HeaderText.Write(outgoing.Headers);

    internal Task<PublishResult> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (publication, token) => ((Publication)publication!).Cancel(token), this);
        }

        return _completion.Task;
    }

    /// <summary>From here on its bytes are read, so that the call ends no sooner than that does, cancelled or not.</summary>
    /// <returns>False if it was cancelled before.</returns>
    internal bool TryBegin() => Interlocked.CompareExchange(ref _progress, Begun, Waiting) == Waiting;

    internal void Complete(PublishResult result)
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
