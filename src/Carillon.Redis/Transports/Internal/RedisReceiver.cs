using Carillon.Redis.Clients.Internal;
using Carillon.Transports;
using Carillon.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Redis.Transports.Internal;

/// <summary>One receiver of a subscription. It waits for events on a connection of its own.</summary>
internal sealed class RedisReceiver : LeasedReceiver
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SubscriptionScripts _scripts;
    private readonly RedisLink _waiting;
    private readonly ILogger _logger;
    private readonly string _id;

    internal RedisReceiver(
        SubscriptionScripts scripts,
        RedisLink waiting,
        TransportSubscription wanted,
        Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle,
        TimeSpan lease,
        TimeProvider time,
        ILogger logger)
        : base(wanted, handle, lease, time)
    {
        (_scripts, _waiting, _logger) = (scripts, waiting, logger);
        _id = wanted.Key is { } key ? SubscriptionScripts.IdOf(key) : $"t:{Guid.CreateVersion7(time.GetUtcNow()):N}";
    }

    protected override ValueTask BeginAsync(ReceiverSession session, bool counts, CancellationToken cancellationToken) =>
        _scripts.JoinAsync(_id, NameOf(session), Wanted, counts, cancellationToken);

    protected override ValueTask<bool> ExtendAsync(ReceiverSession session, CancellationToken cancellationToken) => _scripts.BeatAsync(_id, NameOf(session), cancellationToken);

    protected override async ValueTask<TakenEvents> TakeAsync(ReceiverSession session, int room, IReadOnlyCollection<HeldEvent>? inHand)
    {
        var entries = inHand?.Select(static each => ((StreamEvent)each).Entry).ToList();
        Taken taken;
        try
        {
            taken = await _scripts.TakeAsync(_id, NameOf(session), room, Wanted.Ordered, entries, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransportException exception) when (RedisFault.IsOfReplica(exception.InnerException))
        {
            // To wait is to read, which a replica lets everybody do.
            _waiting.GiveUp();
            throw;
        }

        if (taken.Buried > 0)
        {
            Log.Buried(_logger, taken.Buried, Subscription);
        }

        return new TakenEvents(taken.Events, taken is { Events.Count: 0, HasMore: false } ? token => WaitAsync(taken, token) : null);
    }

    protected override async ValueTask SettleAsync(ReceiverSession session, HeldEvent held, ReceiveOutcome outcome) =>
        await _scripts.SettleAsync(_id, NameOf(session), (StreamEvent)held, outcome, CancellationToken.None).ConfigureAwait(false);

    protected override ValueTask EndAsync(ReceiverSession session) => _scripts.LeaveAsync(_id, NameOf(session), CancellationToken.None);

    protected override ValueTask CloseAsync() => _waiting.DisposeAsync();

    protected override bool IsForgotten(Exception exception) =>
        exception is TransportException { InnerException: RedisServerException answer } && (answer.Is("LOST") || answer.Is("NOGROUP"));

    protected override void Interrupted(TimeSpan delay, Exception exception) => Log.ReceivingInterrupted(_logger, Subscription, delay, exception);

    protected override void GoesOn() => Log.ReceivingAgain(_logger, Subscription);

    protected override void LeaseLost(int count) => Log.LeaseLost(_logger, Subscription, count);

    protected override void NotExtended(TimeSpan delay, Exception exception) => Log.NotExtended(_logger, Subscription, delay, exception);

    protected override void SettledLater(TimeSpan delay, Exception exception) => Log.SettledLater(_logger, Subscription, delay, exception);

    protected override void NotSettled(Exception exception) => Log.NotSettled(_logger, Subscription, exception);

    protected override void Threw(TimeSpan delay, Exception exception) => Log.ReceiverThrew(_logger, Subscription, delay, exception);

    /// <summary>Until there is something new, or something comes again.</summary>
    private async ValueTask WaitAsync(Taken taken, CancellationToken cancellationToken)
    {
        var most = Min(Lease / 3, LongestWait);
        var wait = taken.NextIn is { } next ? Min(next, most) : most;
        var command = new RedisCommand("XREAD").Add("COUNT").Add(1)
            // Zero would be for ever.
            .Add("BLOCK").Add(Math.Max(1, (long)wait.TotalMilliseconds))
            .Add("STREAMS").Add(_scripts.KeyOf("stream", _id)).Add(_scripts.KeyOf("bell", _id)).Add(taken.LastEntry).Add(taken.LastRing);
        await _waiting.SendAsync("wait for events", command, wait, cancellationToken).ConfigureAwait(false);
    }

    private static string NameOf(ReceiverSession session) => session.Id.ToString("N");

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
