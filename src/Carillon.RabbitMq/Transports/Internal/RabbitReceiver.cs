using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>One receiver of a subscription: a channel of its own, and another one when that is lost.</summary>
internal sealed class RabbitReceiver : ITransportSubscription
{
    // Enough for a receiver to have work while its acknowledgements are on their way; few enough for others to have some too.
    private const int PrefetchEach = 16;
    private const int SmallestPrefetch = 32;

    private static readonly TimeSpan DelayAfterThrow = TimeSpan.FromSeconds(1);

    // A channel that has lasted so long was well.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    private readonly TransportParts _parts;
    private readonly Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> _handle;
    private readonly SubscriptionTopology _topology;
    private readonly Action<RabbitReceiver> _whenStopped;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ReceiverSession _session = null!;
    private Task _running = Task.CompletedTask;
    private Task? _stopping;

    internal RabbitReceiver(
        TransportParts parts, TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, Action<RabbitReceiver> whenStopped)
    {
        (_parts, Subscription, _handle, _whenStopped) = (parts, subscription, handle, whenStopped);
        Kind = subscription.Key is null ? RabbitMqQueueKinds.Classic : subscription.QueueKind ?? parts.Options.QueueKind;
        Prefetch = (ushort)Math.Min(subscription.Prefetch > 0 ? subscription.Prefetch : Math.Max(SmallestPrefetch, (long)subscription.Concurrency * PrefetchEach), ushort.MaxValue);
        // More than are on their way cannot be handled.
        Loops = new HandlingLoops(Math.Min(subscription.Concurrency, Prefetch), subscription.Ordered, parts.Logger);
        _topology = new SubscriptionTopology(parts, subscription, Kind);
    }

    internal TransportSubscription Subscription { get; }

    internal string Kind { get; }

    internal ushort Prefetch { get; }

    internal HandlingLoops Loops { get; }

    private string What => $"receive from {(Subscription.Key is { } key ? $"the subscription '{key}'" : $"'{Subscription.Patterns[0]}'")}";

    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _session = await OpenAsync(isFirst: true, cancellationToken).ConfigureAwait(false);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    internal ValueTask<ReceiveOutcome> CallAsync(IncomingEvent incoming, CancellationToken lost)
    {
        try
        {
            var answer = _handle(incoming, lost);
            return answer.IsCompletedSuccessfully ? answer : FinishAsync(answer, lost);
        }
#pragma warning disable CA1031 // A broker has no opinion on what its receivers throw: the event was not acknowledged, and comes again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new(AfterThrow(exception, lost));
        }
    }

    public ValueTask StopAsync(CancellationToken deadline)
    {
        lock (_gate)
        {
            return new(_stopping ??= StopCoreAsync(deadline));
        }
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    private async Task StopCoreAsync(CancellationToken deadline)
    {
        var cancelling = _stop.CancelAsync();
        var stopped = _session;
        // From this moment on, not from when the rest gets its turn.
        var stopping = stopped?.StopAsync(deadline) ?? Task.CompletedTask;
        await cancelling.ConfigureAwait(false);
        await stopping.ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        if (_session is { } last && last != stopped)
        {
            // It was being opened meanwhile.
            await last.StopAsync(deadline).ConfigureAwait(false);
        }

        // Whoever ignores its token is not waited for.
        await Task.WhenAny(Loops.StopAsync(), Task.Delay(Timeout.InfiniteTimeSpan, _parts.Time, deadline)).ConfigureAwait(false);
        _whenStopped(this);
    }

    /// <summary>Opens the next channel when one has ended, until it is stopped.</summary>
    private async Task RunAsync()
    {
        var failures = 0;
        // In a row, channels that ended soon after they were opened: what ends them may be in the queue.
        var shortLived = 0;
        var opened = _parts.Time.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (failures == 0)
                {
                    var reason = await _session.Ended.WaitAsync(_stop.Token).ConfigureAwait(false);
                    shortLived = _parts.Time.GetElapsedTime(opened) < Settled ? shortLived + 1 : 0;
                    if (_parts.Link.IsOpen)
                    {
                        Log.ChannelClosed(_parts.Logger, _parts.Address.Description, What, reason);
                    }

                    await _session.DisposeAsync().ConfigureAwait(false);
                    if (shortLived > 1)
                    {
                        await Task.Delay(BackOff.After(shortLived - 1), _parts.Time, _stop.Token).ConfigureAwait(false);
                    }
                }

                var next = await OpenAsync(isFirst: false, _stop.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    _session = next;
                }

                failures = 0;
                opened = _parts.Time.GetTimestamp();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Tried again until it is stopped, whatever it is: nobody else would begin to receive again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var delay = BackOff.After(++failures);
                Log.NotConnected(_parts.Logger, _parts.Address.Description, What, delay, exception);
                await Task.Delay(delay, _parts.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async ValueTask<ReceiverSession> OpenAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var names = Subscription.Key is { } key
            ? QueueNames.Of(_parts.Options.Exchange, key)
            : QueueNames.Temporary(_parts.Options.Exchange, Guid.CreateVersion7(_parts.Time.GetUtcNow()));
        // Whoever comes back does not take the patterns back that somebody has changed meanwhile, as long as there is a queue.
        if (isFirst || Subscription.Key is null || !await ExistsAsync(names.Queue, cancellationToken).ConfigureAwait(false))
        {
            await _topology.DeclareAsync(names, What, cancellationToken).ConfigureAwait(false);
        }

        var channel = await _parts.Link.OpenChannelAsync(What, options: null, cancellationToken).ConfigureAwait(false);
        var session = new ReceiverSession(this, _parts, channel, names);
        try
        {
            await session.ConsumeAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<bool> ExistsAsync(string queue, CancellationToken cancellationToken)
    {
        var channel = await _parts.Link.OpenChannelAsync(What, options: null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (RabbitFault.IsNotFound(exception))
            {
                return false;
            }
        }
    }

    private static async ValueTask<ReceiveOutcome> FinishAsync(ValueTask<ReceiveOutcome> answer, CancellationToken lost)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return AfterThrow(exception, lost);
        }
    }

    private static ReceiveOutcome AfterThrow(Exception exception, CancellationToken lost) =>
        lost.IsCancellationRequested ? ReceiveOutcome.Returned : ReceiveOutcome.RetryAfter(DelayAfterThrow, exception.Message);
}
