using System.Threading.Channels;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Says what has become of the events of a receiver: whatever waits when the last answer is back goes together.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Settlements : IAsyncDisposable
{
    private const int MaxEvents = 256;

    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private readonly TransportCalls _calls;
    private readonly Task _running;

    internal Settlements(TransportCalls calls)
    {
        _calls = calls;
        _running = Task.Run(RunAsync);
    }

    /// <exception cref="TransportException">Nobody knows whether it was said.</exception>
    internal Task SettleAsync(long subscription, Guid receiver, QueueEvent @event, ReceiveOutcome outcome)
    {
        var waiting = new Waiting(subscription, receiver, @event, outcome);
        if (!_waiting.Writer.TryWrite(waiting))
        {
            throw new TransportException("What became of an event cannot be said any more: its receiver has stopped.");
        }

        return waiting.Completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxEvents && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            // Several only when a receiver was lost in between.
            foreach (var one in batch.GroupBy(static each => (each.Subscription, each.Receiver)))
            {
                await SettleAsync(one.Key.Subscription, one.Key.Receiver, [.. one.OrderBy(static each => each.Event.Id)]).ConfigureAwait(false);
            }

            batch.Clear();
        }
    }

    private async Task SettleAsync(long subscription, Guid receiver, List<Waiting> batch)
    {
        try
        {
            await _calls.RunAsync(
                "say what became of events", () => Commands(subscription, receiver, batch), static _ => Task.FromResult(true), CancellationToken.None).ConfigureAwait(false);
            batch.ForEach(static each => each.Completion.TrySetResult());
        }
#pragma warning disable CA1031 // Whatever it is, everybody who waits is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            batch.ForEach(each => each.Completion.TrySetException(exception));
        }
    }

    private IEnumerable<NpgsqlBatchCommand> Commands(long subscription, Guid receiver, List<Waiting> batch)
    {
        var by = batch.ToLookup(static each => each.Outcome.Action is ReceiveAction.Park ? ReceiveAction.DeadLetter : each.Outcome.Action);
        if (by.Contains(ReceiveAction.Acknowledge))
        {
            yield return Command(SettleSql.Acknowledge, by[ReceiveAction.Acknowledge]);
        }

        if (by.Contains(ReceiveAction.Return))
        {
            yield return Command(SettleSql.Return, by[ReceiveAction.Return]);
        }

        if (by.Contains(ReceiveAction.Retry))
        {
            var retry = Command(SettleSql.Retry, by[ReceiveAction.Retry]);
            retry.AddColumn<long>(NpgsqlDbType.Bigint).AddRange(by[ReceiveAction.Retry].Select(static each => Milliseconds(each.Outcome.Delay)));
            yield return retry;
        }

        if (by.Contains(ReceiveAction.DeadLetter))
        {
            var giveUp = Command(SettleSql.GiveUp, by[ReceiveAction.DeadLetter]);
            giveUp.AddColumn<string>(NpgsqlDbType.Text).AddRange(by[ReceiveAction.DeadLetter].Select(static each => StoredText.Write(each.Outcome.Reason ?? string.Empty)));
            giveUp.AddColumn<bool>(NpgsqlDbType.Boolean).AddRange(by[ReceiveAction.DeadLetter].Select(static each => each.Outcome.Action == ReceiveAction.Park));
            yield return giveUp;
        }

        var gone = batch.Where(static each => each.Outcome.Action is not (ReceiveAction.Return or ReceiveAction.Retry)).Select(static each => each.Event.Id).ToList();
        if (gone.Count > 0)
        {
            yield return _calls.Command(SettleSql.Forget).With(gone);
        }

        NpgsqlBatchCommand Command(string sql, IEnumerable<Waiting> some) =>
            _calls.Command(sql).With(subscription).With(receiver, NpgsqlDbType.Uuid).With(some.Select(static each => each.Event.Id));
    }

    // Longer than a hundred years is longer than any server lives.
    private static long Milliseconds(TimeSpan delay) => (long)Math.Ceiling(Math.Min(delay.TotalMilliseconds, TimeSpan.FromDays(36525).TotalMilliseconds));

    private sealed record Waiting(long Subscription, Guid Receiver, QueueEvent Event, ReceiveOutcome Outcome)
    {
        internal TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
