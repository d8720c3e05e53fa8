namespace Carillon.Transports.InMemory;

/// <summary>One receiver of a queue.</summary>
internal sealed class InMemoryReceiver(
    InMemoryQueue queue, int concurrency, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, Action<InMemoryQueue>? whenStopped) : ITransportSubscription
{
    private readonly Lock _lock = new();
    private readonly HashSet<InMemoryMessage> _inHand = [];
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _stopping;
    private bool _isStopped;

    // Places that are taken: by what is handled, what is being settled, and what is about to come.
    private int _taken;

    /// <summary>Keeps a place for a message, if there is one.</summary>
    internal bool TryReserve()
    {
        lock (_lock)
        {
            if (_isStopped || _taken == concurrency)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    internal void Release()
    {
        lock (_lock)
        {
            _taken--;
            TellIfIdle();
        }
    }

    /// <summary>Handles a message in a place that was kept, not on the caller's thread, which holds the queue.</summary>
    internal void Take(InMemoryMessage message)
    {
        lock (_lock)
        {
            _inHand.Add(message);
        }

        _ = Task.Run(() => HandleAsync(message));
    }

    public ValueTask StopAsync(CancellationToken deadline)
    {
        lock (_lock)
        {
            // From this moment on, not from when the rest gets its turn.
            _isStopped = true;
            return new(_stopping ??= StopCoreAsync(deadline));
        }
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    private async Task StopCoreAsync(CancellationToken deadline)
    {
        // Not under the lock of the caller.
        await Task.Yield();
        lock (_lock)
        {
            TellIfIdle();
        }

        queue.Detach(this);
        using (deadline.Register(static state => ((InMemoryReceiver)state!).GiveUp(), this))
        {
            await _idle.Task.ConfigureAwait(false);
        }

        whenStopped?.Invoke(queue);
    }

    /// <summary>What is not done goes back, and what is said of it later does not count.</summary>
    private void GiveUp()
    {
        InMemoryMessage[] left;
        lock (_lock)
        {
            left = [.. _inHand];
            _inHand.Clear();
        }

        _lost.Cancel();
        foreach (var message in left)
        {
            queue.Settle(message, ReceiveOutcome.Returned, this);
        }
    }

    private async Task HandleAsync(InMemoryMessage message)
    {
        ReceiveOutcome outcome;
        try
        {
            outcome = await handle(message.Incoming(), _lost.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A broker has no opinion on what its receivers throw: the event was not acknowledged, and comes again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outcome = _lost.IsCancellationRequested ? ReceiveOutcome.Returned : ReceiveOutcome.RetryAfter(TimeSpan.FromSeconds(1), exception.Message);
        }

        lock (_lock)
        {
            if (!_inHand.Remove(message))
            {
                return;
            }
        }

        queue.Settle(message, outcome, this);
    }

    private void TellIfIdle()
    {
        if (_isStopped && _taken == 0)
        {
            _idle.TrySetResult();
        }
    }
}
