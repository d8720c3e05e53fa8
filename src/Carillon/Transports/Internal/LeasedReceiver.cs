namespace Carillon.Transports.Internal;

/// <summary>
/// A receiver whose events are its own under a lease: it takes what is ready while it has room, tells of itself, says what has become of each event, and when it was not
/// heard of for too long it begins anew. What is asked of the server, the transport adds.
/// </summary>
/// <remarks>Compiled into the packages of such transports, each for itself: it is no part of the port.</remarks>
internal abstract class LeasedReceiver : ITransportSubscription
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly HeldEvents _held;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private Task _receiving = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;
    private Task? _stopping;

    // 1 while nothing can be said of events: it is logged once.
    private int _cannotSettle;

    protected LeasedReceiver(
        TransportSubscription wanted, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, TimeSpan lease, TimeProvider time)
    {
        (Wanted, Lease, _time) = (wanted, lease, time);
        _held = new HeldEvents(wanted, handle, NewId, KeepSettlingAsync, Threw);
        Subscription = wanted.Key is { } key ? $"subscription '{key}'" : $"the temporary subscription to '{string.Join("', '", wanted.Patterns)}'";
    }

    protected TransportSubscription Wanted { get; }

    protected TimeSpan Lease { get; }

    /// <summary>For the log.</summary>
    protected string Subscription { get; }

    /// <summary>Cancelled when nothing new is taken any more.</summary>
    protected CancellationToken Stopping => _stop.Token;

    /// <exception cref="TransportException">The server cannot be reached, or refuses the subscription.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await JoinAsync(_held.Session, counts: true, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }

        _receiving = Task.Run(ReceiveAsync, CancellationToken.None);
        _beating = Task.Run(BeatAsync, CancellationToken.None);
    }

    public ValueTask StopAsync(CancellationToken deadline)
    {
        lock (_gate)
        {
            // From this moment on, not from when the rest gets its turn.
            _held.Close();
            return new(_stopping ??= StopCoreAsync(deadline));
        }
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    /// <summary>Begins to receive under the id of the session.</summary>
    /// <param name="session">Who.</param>
    /// <param name="counts">Whether what is wanted counts from now on; false if only where nobody has said it: a connection that was lost does not undo what was said since.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected abstract ValueTask BeginAsync(ReceiverSession session, bool counts, CancellationToken cancellationToken);

    /// <returns>False if others have taken over what the session had.</returns>
    protected abstract ValueTask<bool> ExtendAsync(ReceiverSession session, CancellationToken cancellationToken);

    /// <summary>Asks for events.</summary>
    /// <param name="session">Who.</param>
    /// <param name="room">How many at the most.</param>
    /// <param name="inHand">What the session has, if an answer may have been lost: whatever else the server has given it comes again. Null if none was.</param>
    protected abstract ValueTask<TakenEvents> TakeAsync(ReceiverSession session, int room, IReadOnlyCollection<HeldEvent>? inHand);

    /// <summary>Says what has become of an event. Without effect if the session does not have it any more.</summary>
    protected abstract ValueTask SettleAsync(ReceiverSession session, HeldEvent held, ReceiveOutcome outcome);

    /// <summary>Gives back whatever the session has, and ends it.</summary>
    protected abstract ValueTask EndAsync(ReceiverSession session);

    /// <summary>Frees what the receiver has for itself.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>Whether the server does not know the session any more.</summary>
    protected abstract bool IsForgotten(Exception exception);

    protected abstract void Interrupted(TimeSpan delay, Exception exception);

    protected abstract void GoesOn();

    protected abstract void LeaseLost(int count);

    /// <summary>The server could not be told that it is there; it is told again in a while.</summary>
    protected abstract void NotExtended(TimeSpan delay, Exception exception);

    /// <summary>What became of an event could not be said; it is said again in a while.</summary>
    protected abstract void SettledLater(TimeSpan delay, Exception exception);

    /// <summary>What became of an event, or that the receiver has ended, is not said any more.</summary>
    protected abstract void NotSettled(Exception exception);

    protected abstract void Threw(TimeSpan delay, Exception exception);

    private async Task StopCoreAsync(CancellationToken deadline)
    {
        // Not under the lock of the caller.
        await Task.Yield();
        await _stop.CancelAsync().ConfigureAwait(false);
        // Before what the server is asked last: it may take long to answer.
        using (deadline.Register(static state => ((HeldEvents)state!).GiveUp(), _held))
        {
            await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _held.Idle.ConfigureAwait(false);
        }

        await _end.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await EndAsync(_held.Session).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, the receiver has stopped, and its lease ends.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotSettled(exception);
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync()
    {
        var delay = FirstDelay;
        while (!_stop.IsCancellationRequested)
        {
            var session = _held.Session;
            try
            {
                await ReceiveSomeAsync(session).ConfigureAwait(false);
                if (delay != FirstDelay)
                {
                    delay = FirstDelay;
                    GoesOn();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception exception) when (IsForgotten(exception))
            {
                Lose(session);
            }
#pragma warning disable CA1031 // A receiver that ended because of something that nobody had thought of would be missed by nobody.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (delay == FirstDelay)
                {
                    // Not again while it lasts.
                    Interrupted(delay, exception);
                }

                await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
            }
        }
    }

    private async Task ReceiveSomeAsync(ReceiverSession session)
    {
        if (!session.IsJoined)
        {
            await JoinAsync(session, counts: false, _stop.Token).ConfigureAwait(false);
        }

        var room = _held.Room(session);
        if (room == 0)
        {
            await _held.Changed.WaitAsync(_stop.Token).ConfigureAwait(false);
            return;
        }

        var inHand = session.IsUnsure ? _held.EventsOf(session) : null;
        session.IsUnsure = true;
        // Not cancelled: what the server gives is somebody's.
        var taken = await TakeAsync(session, room, inHand).ConfigureAwait(false);
        session.IsUnsure = false;
        _held.Accept(session, taken.Events);
        if (taken.Wait is { } wait)
        {
            await wait(_stop.Token).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(ReceiverSession session, bool counts, CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        await BeginAsync(session, counts, cancellationToken).ConfigureAwait(false);
        (session.IsJoined, session.HeardAt) = (true, now);
    }

    /// <summary>Tells the server that it is there, also while it stops.</summary>
    private async Task BeatAsync()
    {
        var (wait, delay) = (Lease / 3, FirstDelay);
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(wait, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var session = _held.Session;
            if (_end.IsCancellationRequested || !session.IsJoined)
            {
                continue;
            }

            var now = _time.GetTimestamp();
            try
            {
                if (await ExtendAsync(session, _end.Token).ConfigureAwait(false))
                {
                    session.HeardAt = now;
                }
                else
                {
                    Lose(session);
                }

                (wait, delay) = (Lease / 3, FirstDelay);
            }
#pragma warning disable CA1031 // A receiver that told of itself no more because of something that nobody had thought of would be missed by nobody.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                wait = delay < Lease / 3 ? delay : Lease / 3;
                if (delay == FirstDelay && !_end.IsCancellationRequested)
                {
                    // Not again while it lasts.
                    NotExtended(wait, exception);
                }

                delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
                // Others have taken over by now, if they have a way to the server that this process has not.
                if (_time.GetElapsedTime(session.HeardAt) > Lease)
                {
                    Lose(session);
                }
            }
        }
    }

    private void Lose(ReceiverSession session)
    {
        var count = _held.Lose(session);
        if (count > 0)
        {
            LeaseLost(count);
        }
    }

    /// <summary>Says what has become of an event, for as long as that counts.</summary>
    private async Task KeepSettlingAsync(ReceiverSession session, HeldEvent held, ReceiveOutcome outcome)
    {
        var delay = FirstDelay;
        while (!session.Lost.IsCancellationRequested || outcome.Action == ReceiveAction.Return)
        {
            try
            {
                await SettleAsync(session, held, outcome).ConfigureAwait(false);
                Volatile.Write(ref _cannotSettle, 0);
                return;
            }
#pragma warning disable CA1031 // An event of which nothing was said because of something that nobody had thought of would keep its place for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (_stop.IsCancellationRequested || outcome.Action == ReceiveAction.Return)
                {
                    NotSettled(exception);
                    return;
                }

                if (Interlocked.Exchange(ref _cannotSettle, 1) == 0)
                {
                    SettledLater(delay, exception);
                }

                await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
            }
        }
    }

    private Guid NewId() => Guid.CreateVersion7(_time.GetUtcNow());
}
