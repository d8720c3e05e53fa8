using System.Globalization;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports;
using Carillon.Transports.Internal;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>One receiver of a subscription.</summary>
internal sealed class PostgresReceiver : LeasedReceiver
{
    private readonly TransportCalls _calls;
    private readonly Notices _notices;
    private readonly Upkeep _upkeep;
    private readonly Settlements _settlements;
    private readonly Signal _news = new();
    private readonly LookMark _mark;
    private readonly TimeSpan _poll;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Another one if it was deleted while this process was cut off.
    private long _subscription;

    internal PostgresReceiver(
        TransportCalls calls,
        Notices notices,
        Upkeep upkeep,
        TransportSubscription wanted,
        Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle,
        PostgresTransportOptions options,
        TimeProvider time,
        ILogger logger)
        : base(wanted, handle, options.ReceiverLease, time)
    {
        (_calls, _notices, _upkeep, _poll, _time, _logger) = (calls, notices, upkeep, options.PollInterval, time, logger);
        _settlements = new Settlements(calls);
        _mark = new LookMark(time);
        upkeep.Begin();
    }

    protected override async ValueTask BeginAsync(ReceiverSession session, bool counts, CancellationToken cancellationToken)
    {
        var last = Volatile.Read(ref _subscription);
        var joined = await _calls.ListAsync(
            "subscribe",
            () =>
            {
                var command = _calls.Command(ReceiveSql.Join).WithText(Wanted.Key).With(Wanted.Ordered, NpgsqlDbType.Boolean).With(Wanted.Patterns.Select(PatternRegex.Of));
                return command.With(counts, NpgsqlDbType.Boolean).With(session.Id, NpgsqlDbType.Uuid).With((long)Lease.TotalMilliseconds);
            },
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _subscription, joined[0]);
        _notices.Remove(last, _news);
        await _notices.AddAsync(joined[0], _news).ConfigureAwait(false);
        _upkeep.Look();
        _mark.LookWhole();
    }

    protected override async ValueTask<bool> ExtendAsync(ReceiverSession session, CancellationToken cancellationToken)
    {
        var extended = await _calls.ListAsync(
            "extend a lease",
            () => _calls.Command(ReceiveSql.Extend).With(session.Id, NpgsqlDbType.Uuid).With((long)Lease.TotalMilliseconds),
            static row => row.GetGuid(0),
            cancellationToken).ConfigureAwait(false);
        return extended.Count > 0;
    }

    protected override async ValueTask<TakenEvents> TakeAsync(ReceiverSession session, int room, IReadOnlyCollection<HeldEvent>? inHand)
    {
        // Whose turn it is among those of a key may hang on any of them.
        var after = Wanted.Ordered ? 0 : _mark.Begin();
        var (events, woken, next) = await _calls.RunAsync(
            "receive", () => Commands(session.Id, room, after, inHand), reader => ReadAsync(reader, Wanted.Ordered), CancellationToken.None).ConfigureAwait(false);
        _mark.End(after, events.Count > 0 ? events[^1].Id : 0);
        if (events.Count > 0)
        {
            return new TakenEvents(events, Wait: null);
        }

        if (woken && after > 0)
        {
            _mark.LookWhole();
            return new TakenEvents(events, Wait: null);
        }

        return new TakenEvents(events, token => WaitAsync(next is { } due && due < _poll ? due : _poll, token));
    }

    protected override async ValueTask SettleAsync(ReceiverSession session, HeldEvent held, ReceiveOutcome outcome)
    {
        var subscription = Volatile.Read(ref _subscription);
        var @event = (QueueEvent)held;
        await _settlements.SettleAsync(subscription, session.Id, @event, outcome).ConfigureAwait(false);
        if (@event.IsOrdered || outcome.Action == ReceiveAction.Return)
        {
            // The next one of its key, or it itself, is anybody's.
            _notices.Announce([subscription]);
        }
        else if (outcome.Action == ReceiveAction.Retry)
        {
            // To wait no longer than for it.
            _news.Set();
        }
    }

    protected override ValueTask EndAsync(ReceiverSession session) => _upkeep.EndAsync(Volatile.Read(ref _subscription), session.Id, Wanted.Key is null);

    protected override async ValueTask CloseAsync()
    {
        _notices.Remove(Volatile.Read(ref _subscription), _news);
        await _settlements.DisposeAsync().ConfigureAwait(false);
        _upkeep.End();
    }

    // A receiver that is taken for dead is given nothing; the next time it tells of itself it learns why.
    protected override bool IsForgotten(Exception exception) => false;

    protected override void Interrupted(TimeSpan delay, Exception exception) => Log.ReceivingInterrupted(_logger, Subscription, delay, exception);

    protected override void GoesOn() => Log.ReceivingAgain(_logger, Subscription);

    protected override void LeaseLost(int count) => Log.LeaseLost(_logger, Subscription, count);

    protected override void NotExtended(TimeSpan delay, Exception exception) => Log.NotExtended(_logger, Subscription, delay, exception);

    protected override void SettledLater(TimeSpan delay, Exception exception) => Log.SettledLater(_logger, Subscription, delay, exception);

    protected override void NotSettled(Exception exception) => Log.NotSettled(_logger, Subscription, exception);

    protected override void Threw(TimeSpan delay, Exception exception) => Log.ReceiverThrew(_logger, Subscription, delay, exception);

    private IEnumerable<NpgsqlBatchCommand> Commands(Guid receiver, int room, long after, IReadOnlyCollection<HeldEvent>? inHand)
    {
        var subscription = Volatile.Read(ref _subscription);
        if (inHand is not null)
        {
            yield return _calls.Command(ReceiveSql.Reconcile).With(subscription).With(receiver, NpgsqlDbType.Uuid).With(inHand.Select(static each => ((QueueEvent)each).Id));
        }

        yield return _calls.Command(ReceiveSql.WakeDue).With(subscription);
        if (Wanted.Ordered)
        {
            yield return _calls.Command(ReceiveSql.Alone).With(StableHash.Of($"carillon.transport.{_calls.Schema}", subscription.ToString(CultureInfo.InvariantCulture)));
        }

        yield return _calls.Command(Wanted.Ordered ? ReceiveSql.ClaimInOrder : ReceiveSql.Claim)
            .With(subscription).With(receiver, NpgsqlDbType.Uuid).With(after).With((long)room);
        yield return _calls.Command(ReceiveSql.NextDue).With(subscription);
    }

    private static async Task<(IReadOnlyList<QueueEvent> Events, bool HasWoken, TimeSpan? Next)> ReadAsync(NpgsqlDataReader reader, bool isOrdered)
    {
        // A statement that returns nothing has no result.
        var woken = await reader.ReadAsync().ConfigureAwait(false);
        for (var results = isOrdered ? 2 : 1; results > 0; results--)
        {
            await reader.NextResultAsync().ConfigureAwait(false);
        }

        var events = await StoreRunner.ReadAllAsync(reader, ReadEvent).ConfigureAwait(false);
        await reader.NextResultAsync().ConfigureAwait(false);
        await reader.ReadAsync().ConfigureAwait(false);
        return (events, woken, await reader.IsDBNullAsync(0).ConfigureAwait(false) ? null : TimeSpan.FromMilliseconds(Math.Max(1, reader.GetDouble(0))));
    }

    private static QueueEvent ReadEvent(NpgsqlDataReader row)
    {
        var incoming = new IncomingEvent
        {
            ContentType = row.IsDBNull(3) ? null : StoredText.Read(row.GetString(3)),
            Headers = HeaderText.Read(row.GetString(4)),
            Body = row.GetFieldValue<byte[]>(5),
            Attempt = row.GetInt32(1) + 1,
        };
        return new QueueEvent(row.GetInt64(0), row.GetBoolean(2), incoming);
    }

    private async ValueTask WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        using var timer = _time.CreateTimer(static state => ((Signal)state!).Set(), _news, most, Timeout.InfiniteTimeSpan);
        await _news.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
