using Carillon.Transports;
using Carillon.Transports.Internal;

namespace Carillon.Redis.Tests.Transports;

/// <summary>A receiver whose server is the test.</summary>
internal sealed class ScriptedReceiver(
    TransportSubscription wanted, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, TimeProvider time)
    : LeasedReceiver(wanted, handle, ScriptedReceiver.TheLease, time)
{
    internal static readonly TimeSpan TheLease = TimeSpan.FromSeconds(30);

    internal Func<ValueTask<bool>> Extend { get; set; } = static () => new(true);

    internal Func<ValueTask<TakenEvents>> Take { get; set; } = () => new(Nothing(time));

    internal Func<ReceiveOutcome, ValueTask> Settle { get; set; } = static _ => default;

    internal Func<ValueTask> End { get; set; } = static () => default;

    internal List<string> Told { get; } = [];

    internal bool IsClosed { get; private set; }

    /// <summary>Nothing now; to ask again after a second.</summary>
    internal static TakenEvents Nothing(TimeProvider time) => new([], async token => await Task.Delay(TimeSpan.FromSeconds(1), time, token));

    /// <summary>One event the first time, and nothing from then on.</summary>
    internal static Func<ValueTask<TakenEvents>> Once(TimeProvider time)
    {
        var isTaken = 0;
        return () => new(Interlocked.Exchange(ref isTaken, 1) == 0 ? new([new TheEvent()], Wait: null) : Nothing(time));
    }

    protected override ValueTask BeginAsync(ReceiverSession session, bool counts, CancellationToken cancellationToken) => default;

    protected override ValueTask<bool> ExtendAsync(ReceiverSession session, CancellationToken cancellationToken) => Extend();

    protected override ValueTask<TakenEvents> TakeAsync(ReceiverSession session, int room, IReadOnlyCollection<HeldEvent>? inHand) => Take();

    protected override ValueTask SettleAsync(ReceiverSession session, HeldEvent held, ReceiveOutcome outcome) => Settle(outcome);

    protected override ValueTask EndAsync(ReceiverSession session) => End();

    protected override ValueTask CloseAsync()
    {
        IsClosed = true;
        return default;
    }

    protected override bool IsForgotten(Exception exception) => false;

    protected override void Interrupted(TimeSpan delay, Exception exception) => Tell($"interrupted: {exception.Message}");

    protected override void GoesOn() => Tell("goes on");

    protected override void LeaseLost(int count) => Tell($"lost {count}");

    protected override void NotExtended(TimeSpan delay, Exception exception) => Tell($"not extended: {exception.Message}");

    protected override void SettledLater(TimeSpan delay, Exception exception) => Tell($"settled later: {exception.Message}");

    protected override void NotSettled(Exception exception) => Tell($"not settled: {exception.Message}");

    protected override void Threw(TimeSpan delay, Exception exception) => Tell($"threw: {exception.Message}");

    private void Tell(string what)
    {
        lock (Told)
        {
            Told.Add(what);
        }
    }

    private sealed class TheEvent() : HeldEvent(new IncomingEvent { ContentType = null, Headers = [], Body = default, Attempt = 1 });
}
