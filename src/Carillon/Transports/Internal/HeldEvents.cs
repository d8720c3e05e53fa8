namespace Carillon.Transports.Internal;

/// <summary>The events that a receiver has: those that are handled, those that wait for a place, those of which is being said what has become of them.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class HeldEvents
{
    private static readonly TimeSpan DelayAfterThrow = TimeSpan.FromSeconds(1);

    private readonly Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> _handle;
    private readonly Func<Guid> _newId;
    private readonly Func<ReceiverSession, HeldEvent, ReceiveOutcome, Task> _settle;
    private readonly Action<TimeSpan, Exception> _threw;
    private readonly int _concurrency;
    private readonly int _capacity;
    private readonly Lock _gate = new();
    private readonly Queue<(ReceiverSession Session, HeldEvent Event)> _ready = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReceiverSession _session;
    private bool _isClosed;
    private int _running;

    internal HeldEvents(
        TransportSubscription wanted,
        Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle,
        Func<Guid> newId,
        Func<ReceiverSession, HeldEvent, ReceiveOutcome, Task> settle,
        Action<TimeSpan, Exception> threw)
    {
        (_handle, _newId, _settle, _threw) = (handle, newId, settle, threw);
        _concurrency = wanted.Concurrency;
        // As many again wait here, so that none waits for the network.
        _capacity = wanted.Prefetch > 0 ? wanted.Prefetch : wanted.Concurrency * 2;
        _session = new ReceiverSession(newId());
    }

    internal ReceiverSession Session
    {
        get
        {
            lock (_gate)
            {
                return _session;
            }
        }
    }

    /// <summary>There may be room now.</summary>
    internal Signal Changed { get; } = new();

    /// <summary>Ends when it was closed and everything is done.</summary>
    internal Task Idle => _idle.Task;

    internal int Room(ReceiverSession session)
    {
        lock (_gate)
        {
            return Math.Max(0, _capacity - session.Count);
        }
    }

    internal IReadOnlyCollection<HeldEvent> EventsOf(ReceiverSession session)
    {
        lock (_gate)
        {
            return session.Events;
        }
    }

    internal void Accept(ReceiverSession session, IReadOnlyList<HeldEvent> events)
    {
        lock (_gate)
        {
            foreach (var each in events)
            {
                // Of a session that was lost meanwhile others have it, or will have.
                if (session != _session)
                {
                    return;
                }

                session.Add(each);
                if (_isClosed)
                {
                    GiveBack(session, each);
                }
                else if (_running < _concurrency)
                {
                    _running++;
                    _ = Task.Run(() => RunAsync(session, each));
                }
                else
                {
                    _ready.Enqueue((session, each));
                }
            }
        }
    }

    /// <summary>Nothing new is handled from now on, and what waits for a place goes back.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_ready.TryDequeue(out var each))
            {
                GiveBack(each.Session, each.Event);
            }

            TellIfIdle();
        }
    }

    /// <summary>What is being handled goes back, and what is said of it later does not count.</summary>
    internal void GiveUp()
    {
        ReceiverSession session;
        IReadOnlyList<HeldEvent> left;
        lock (_gate)
        {
            session = _session;
            left = session.BeginSettlingAll();
        }

        Cancel(session);
        foreach (var each in left)
        {
            _ = SettleAsync(session, each, ReceiveOutcome.Returned);
        }
    }

    /// <summary>What is in hand is not this receiver's any more.</summary>
    /// <returns>How many events that were.</returns>
    internal int Lose(ReceiverSession session)
    {
        int count;
        lock (_gate)
        {
            if (_session != session)
            {
                return 0;
            }

            _session = new ReceiverSession(_newId());
            count = session.Count;
            session.Clear();
            TellIfIdle();
        }

        Cancel(session);
        Changed.Set();
        return count;
    }

    private void Cancel(ReceiverSession session)
    {
        try
        {
            session.Cancel();
        }
#pragma warning disable CA1031 // Whoever hears of it is the application; all of them have heard, and the receiver goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _threw(TimeSpan.Zero, exception);
        }
    }

    private async Task RunAsync(ReceiverSession session, HeldEvent @event)
    {
        while (true)
        {
            if (!session.Lost.IsCancellationRequested)
            {
                var outcome = await HandleAsync(session, @event).ConfigureAwait(false);
                if (TryBeginSettling(session, @event))
                {
                    // The place is free meanwhile.
                    _ = SettleAsync(session, @event, outcome);
                }
            }

            lock (_gate)
            {
                if (!_ready.TryDequeue(out var next))
                {
                    _running--;
                    return;
                }

                (session, @event) = next;
            }
        }
    }

    private async Task<ReceiveOutcome> HandleAsync(ReceiverSession session, HeldEvent @event)
    {
        try
        {
            return await _handle(@event.Incoming, session.Lost).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A transport has no opinion on what its receivers throw: the event was not acknowledged, and comes again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (session.Lost.IsCancellationRequested)
            {
                return ReceiveOutcome.Returned;
            }

            _threw(DelayAfterThrow, exception);
            return ReceiveOutcome.RetryAfter(DelayAfterThrow, exception.Message);
        }
    }

    private bool TryBeginSettling(ReceiverSession session, HeldEvent @event)
    {
        lock (_gate)
        {
            return session.TryBeginSettling(@event);
        }
    }

    private void GiveBack(ReceiverSession session, HeldEvent @event)
    {
        if (session.TryBeginSettling(@event))
        {
            _ = SettleAsync(session, @event, ReceiveOutcome.Returned);
        }
    }

    private async Task SettleAsync(ReceiverSession session, HeldEvent @event, ReceiveOutcome outcome)
    {
        // Not under the lock of the caller.
        await Task.Yield();
        try
        {
            await _settle(session, @event, outcome).ConfigureAwait(false);
        }
        finally
        {
            // Whatever has come of it: whoever stops waits for this.
            lock (_gate)
            {
                session.Remove(@event);
                TellIfIdle();
            }

            Changed.Set();
        }
    }

    private void TellIfIdle()
    {
        if (_isClosed && _session.Count == 0)
        {
            _idle.TrySetResult();
        }
    }
}
