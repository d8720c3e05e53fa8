using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A call that waits for the writer: new deliveries, or settlements of completed ones.</summary>
internal sealed class GroupWrite
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;

    // The writer has others to serve: it never runs what its callers do next.
    private readonly TaskCompletionSource<IReadOnlyList<LeasedDelivery>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private int _progress;

    internal GroupWrite(IReadOnlyList<NewDelivery> added) => Added = added;

    internal GroupWrite(IReadOnlyList<Settlement> completed) => Completed = completed;

    internal IReadOnlyList<NewDelivery> Added { get; } = [];

    internal IReadOnlyList<Settlement> Completed { get; } = [];

    internal int Rows => Added.Count + Completed.Count;

    internal long Bytes
    {
        get
        {
            var bytes = 0L;
            for (var i = 0; i < Added.Count; i++)
            {
                bytes += Added[i].Envelope.Payload.Length;
            }

            return bytes;
        }
    }

    /// <summary>For messages: <c>write 1 delivery of 'poll.created'</c>.</summary>
    internal string What => Added.Count > 0 ? DeliveryWords.Write(Added) : DeliveryWords.Settle(Completed);

    /// <returns>The deliveries whose lease was lost.</returns>
    internal Task<IReadOnlyList<LeasedDelivery>> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (write, token) => ((GroupWrite)write!).Cancel(token), this);
        }

        return _completion.Task;
    }

    /// <summary>
    /// From here on it is carried out and its caller is told how it ended, cancelled or not: a call that throws that it was cancelled has changed nothing.
    /// </summary>
    /// <returns>False if it was cancelled before.</returns>
    internal bool TryBegin() => Interlocked.CompareExchange(ref _progress, Begun, Waiting) == Waiting;

    internal void Complete(IReadOnlyList<LeasedDelivery> lost)
    {
        _cancellation.Unregister();
        _completion.TrySetResult(lost);
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
