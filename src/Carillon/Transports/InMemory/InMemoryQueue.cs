using System.Globalization;

namespace Carillon.Transports.InMemory;

/// <summary>What waits for one subscription, and who receives from it.</summary>
internal sealed class InMemoryQueue(string? key, TimeProvider time, InMemoryInHand inHand)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<InMemoryMessage> _ready = [];
    private readonly List<InMemoryReceiver> _receivers = [];
    private readonly HashSet<ITimer> _delays = [];
    private readonly List<(DeadLetter Letter, InMemoryMessage Message)> _dead = [];

    // Keys of which an event is being handled, or comes again: the others of the key wait.
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private bool _isClosed;
    private int _turn;
    private long _lastDeadId;

    internal string? Key => key;

    /// <summary>What was wanted last; null before anybody has subscribed.</summary>
    internal TransportSubscription? Subscription { get; private set; }

    internal bool HasReceivers
    {
        get
        {
            lock (_lock)
            {
                return _receivers.Count > 0;
            }
        }
    }

    internal InMemoryReceiver Attach(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, Action<InMemoryQueue>? whenStopped)
    {
        var receiver = new InMemoryReceiver(this, subscription.Concurrency, handle, whenStopped);
        lock (_lock)
        {
            Subscription = subscription;
            _receivers.Add(receiver);
            Pump();
        }

        return receiver;
    }

    internal void Detach(InMemoryReceiver receiver)
    {
        lock (_lock)
        {
            _receivers.Remove(receiver);
        }
    }

    internal void Add(InMemoryMessage message)
    {
        lock (_lock)
        {
            _ready.AddLast(message);
            Pump();
        }
    }

    /// <summary>Carries out what has become of an event, and only then gives its place back: whoever waits for the stop finds everything where it belongs.</summary>
    internal void Settle(InMemoryMessage message, ReceiveOutcome outcome, InMemoryReceiver receiver)
    {
        lock (_lock)
        {
            switch (outcome.Action)
            {
                case ReceiveAction.Return:
                    Free(message);
                    _ready.AddFirst(message);
                    break;
                case ReceiveAction.Retry:
                    message.Attempt++;
                    ComeAgain(message, outcome.Delay);
                    break;
                case ReceiveAction.DeadLetter or ReceiveAction.Park:
                    Free(message);
                    Bury(message, outcome);
                    break;
                default:
                    Free(message);
                    break;
            }

            receiver.Release();
            Pump();
            // Last: what is taken next is in hand by now.
            inHand.End();
        }
    }

    internal IReadOnlyList<DeadLetter> ListDead(int take)
    {
        lock (_lock)
        {
            return [.. _dead.Take(take).Select(static dead => dead.Letter)];
        }
    }

    internal int TakeDead(IReadOnlyCollection<string>? ids, bool replay)
    {
        lock (_lock)
        {
            var taken = _dead.Where(dead => ids is null || ids.Contains(dead.Letter.Id)).ToList();
            foreach (var dead in taken)
            {
                _dead.Remove(dead);
                if (replay)
                {
                    dead.Message.Attempt = 1;
                    _ready.AddLast(dead.Message);
                }
            }

            Pump();
            return taken.Count;
        }
    }

    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _ready.Clear();
            _dead.Clear();
            foreach (var delay in _delays)
            {
                delay.Dispose();
            }

            _delays.Clear();
        }
    }

    private void ComeAgain(InMemoryMessage message, TimeSpan delay)
    {
        if (_isClosed)
        {
            return;
        }

        if (delay == TimeSpan.Zero)
        {
            PutBack(message);
            return;
        }

        ITimer? timer = null;
        // Longer than a timer can wait is longer than any process lives.
        timer = time.CreateTimer(_ => Due(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _delays.Add(timer);
        timer.Change(delay < TimeSpan.FromDays(40) ? delay : TimeSpan.FromDays(40), Timeout.InfiniteTimeSpan);

        void Due()
        {
            lock (_lock)
            {
                if (!_delays.Remove(timer!))
                {
                    return;
                }

                timer!.Dispose();
                PutBack(message);
                Pump();
            }
        }
    }

    private void PutBack(InMemoryMessage message)
    {
        Free(message);
        if (IsOrdered && message.Key is not null)
        {
            _ready.AddFirst(message);
        }
        else
        {
            _ready.AddLast(message);
        }
    }

    private void Bury(InMemoryMessage message, ReceiveOutcome outcome)
    {
        if (key is null || _isClosed)
        {
            return;
        }

        var letter = new DeadLetter
        {
            Id = (++_lastDeadId).ToString(CultureInfo.InvariantCulture),
            Reason = outcome.Reason ?? string.Empty,
            IsParked = outcome.Action == ReceiveAction.Park,
            At = time.GetUtcNow(),
            Attempts = message.Attempt,
            ContentType = message.ContentType,
            Headers = message.Headers,
            Body = message.Body,
        };
        _dead.Add((letter, message));
    }

    private bool IsOrdered => Subscription is { Ordered: true };

    private void Free(InMemoryMessage message)
    {
        if (message.Key is { } busy)
        {
            _busy.Remove(busy);
        }
    }

    /// <summary>Gives what is ready to who is free, in turn.</summary>
    private void Pump()
    {
        var receiver = FreeReceiver();
        for (var node = _ready.First; node is not null && receiver is not null;)
        {
            var message = node.Value;
            var next = node.Next;
            if (!IsOrdered || message.Key is not { } wanted || _busy.Add(wanted))
            {
                _ready.Remove(node);
                inHand.Begin();
                receiver.Take(message);
                receiver = FreeReceiver();
            }

            node = next;
        }

        receiver?.Release();
    }

    /// <summary>The next receiver that has a place, which is kept for it.</summary>
    private InMemoryReceiver? FreeReceiver()
    {
        for (var tried = 0; tried < _receivers.Count; tried++)
        {
            var place = (_turn + tried) % _receivers.Count;
            if (_receivers[place].TryReserve())
            {
                _turn = (place + 1) % _receivers.Count;
                return _receivers[place];
            }
        }

        return null;
    }
}
