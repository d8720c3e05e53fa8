using Carillon.Redis.Clients.Internal;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Redis.Transports.Internal;

/// <summary>One receiver of a subscription: takes what is ready while it has room, and waits for more on a connection of its own.</summary>
internal sealed class RedisReceiver : ITransportSubscription
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SubscriptionScripts _scripts;
    private readonly RedisLink _waiting;
    private readonly TransportSubscription _wanted;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _id;
    private readonly EventsInHand _inHand;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private Task _receiving = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;
    private Task? _stopping;

    internal RedisReceiver(
        SubscriptionScripts scripts,
        RedisLink waiting,
        TransportSubscription wanted,
        Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle,
        TimeSpan lease,
        TimeProvider time,
        ILogger logger)
    {
        (_scripts, _waiting, _wanted, _lease, _time, _logger) = (scripts, waiting, wanted, lease, time, logger);
        _id = wanted.Key is { } key ? SubscriptionScripts.IdOf(key) : $"t:{NewName()}";
        _inHand = new EventsInHand(wanted, handle, NewName, SettleAsync, logger);
    }

    /// <exception cref="TransportException">The server cannot be reached, or refuses the subscription.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await JoinAsync(_inHand.Session, counts: true, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await _waiting.DisposeAsync().ConfigureAwait(false);
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
            _inHand.Close();
            return new(_stopping ??= StopCoreAsync(deadline));
        }
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    private async Task StopCoreAsync(CancellationToken deadline)
    {
        // Not under the lock of the caller.
        await Task.Yield();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        using (deadline.Register(static state => ((EventsInHand)state!).GiveUp(), _inHand))
        {
            await _inHand.Idle.ConfigureAwait(false);
        }

        await _end.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        try
        {
            await _scripts.LeaveAsync(_id, _inHand.Session.Name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransportException exception)
        {
            // Its lease ends.
            Log.NotSettled(_logger, _inHand.Subscription, exception);
        }

        await _waiting.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        var delay = FirstDelay;
        while (!_stop.IsCancellationRequested)
        {
            var session = _inHand.Session;
            try
            {
                await ReceiveSomeAsync(session).ConfigureAwait(false);
                if (delay != FirstDelay)
                {
                    delay = FirstDelay;
                    Log.ReceivingAgain(_logger, _inHand.Subscription);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (TransportException exception) when (exception.InnerException is RedisServerException answer && (answer.Is("LOST") || answer.Is("NOGROUP")))
            {
                Lose(session);
            }
            catch (Exception exception) when (exception is TransportException or RespException)
            {
                if (delay == FirstDelay)
                {
                    // Not again while it lasts.
                    Log.ReceivingInterrupted(_logger, _inHand.Subscription, delay, exception);
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

        var room = _inHand.Room(session);
        if (room == 0)
        {
            await _inHand.Changed.WaitAsync(_stop.Token).ConfigureAwait(false);
            return;
        }

        var inHand = session.IsUnsure ? _inHand.Entries(session) : null;
        session.IsUnsure = true;
        // Not cancelled: what the server gives is somebody's.
        var taken = await _scripts.TakeAsync(_id, session.Name, room, _wanted.Ordered, inHand, CancellationToken.None).ConfigureAwait(false);
        session.IsUnsure = false;
        _inHand.Accept(session, taken.Events);
        if (taken is { Events.Count: 0, HasMore: false })
        {
            await WaitAsync(taken).ConfigureAwait(false);
        }
    }

    /// <summary>Until there is something new, or something comes again.</summary>
    private async Task WaitAsync(Taken taken)
    {
        var most = Min(_lease / 3, LongestWait);
        var wait = taken.NextIn is { } next ? Min(next, most) : most;
        var command = new RedisCommand("XREAD").Add("COUNT").Add(1)
            .Add("BLOCK").Add(Math.Max(1, (long)wait.TotalMilliseconds))
            .Add("STREAMS").Add(_scripts.KeyOf("stream", _id)).Add(_scripts.KeyOf("bell", _id)).Add(taken.LastEntry).Add(taken.LastRing);
        await _waiting.SendAsync("wait for events", command, wait, _stop.Token).ConfigureAwait(false);
    }

    private async Task JoinAsync(ReceiverSession session, bool counts, CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        await _scripts.JoinAsync(_id, session.Name, _wanted, counts, cancellationToken).ConfigureAwait(false);
        (session.IsJoined, session.HeardAt) = (true, now);
    }

    /// <summary>Tells the server that it is there, also while it stops.</summary>
    private async Task BeatAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(_lease / 3, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var session = _inHand.Session;
            if (_end.IsCancellationRequested || !session.IsJoined)
            {
                continue;
            }

            var now = _time.GetTimestamp();
            try
            {
                if (await _scripts.BeatAsync(_id, session.Name, _end.Token).ConfigureAwait(false))
                {
                    session.HeardAt = now;
                }
                else
                {
                    Lose(session);
                }
            }
            catch (Exception exception) when (exception is TransportException or RespException or OperationCanceledException)
            {
                // Others have taken over by now, if they have a way to the server that this process has not.
                if (_time.GetElapsedTime(session.HeardAt) > _lease)
                {
                    Lose(session);
                }
            }
        }
    }

    private void Lose(ReceiverSession session)
    {
        var count = _inHand.Lose(session);
        if (count > 0)
        {
            Log.LeaseLost(_logger, _inHand.Subscription, count);
        }
    }

    /// <summary>Says what has become of an event, for as long as that counts.</summary>
    private async Task SettleAsync(ReceiverSession session, StreamEvent @event, ReceiveOutcome outcome)
    {
        var delay = FirstDelay;
        while (!session.Lost.IsCancellationRequested || outcome.Action == ReceiveAction.Return)
        {
            try
            {
                await _scripts.SettleAsync(_id, session.Name, @event, outcome, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (exception is TransportException or RespException)
            {
                if (_stop.IsCancellationRequested || outcome.Action == ReceiveAction.Return)
                {
                    Log.NotSettled(_logger, _inHand.Subscription, exception);
                    return;
                }

                await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
            }
        }
    }

    private string NewName() => Guid.CreateVersion7(_time.GetUtcNow()).ToString("N");

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
