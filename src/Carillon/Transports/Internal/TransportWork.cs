using Carillon.Diagnostics.Internal;
using Carillon.Hosting.Internal;
using Carillon.Retries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Transports.Internal;

/// <summary>The receivers of this process: those of the configuration, from the start of the host to its stop, and those that come at run time.</summary>
internal sealed class TransportWork(
    CarillonSetup setup, TransportSlot slot, ArrivingEvents arriving, IOptions<RetryOptions> retries, IOptions<TransportOptions> options, JitterSource jitter, TimeProvider time, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Transports;
    private readonly Lock _gate = new();
    private readonly List<ITransportSubscription> _running = [];
    private bool _isStopped;

    internal ValueTask PrepareAsync(CancellationToken cancellationToken) => slot.Required.PrepareAsync(cancellationToken);

    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (pattern, said) in setup.Transports!.Subscriptions)
            {
                await SubscribeAsync(NewReceiver(pattern, said, handler: null), cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            // The host does not start, and so is not stopped either.
            await StopAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }

        if (setup.Transports.Subscriptions.Count > 0)
        {
            Log.ReceivingAll(_logger, slot.Required.Description, string.Join("; ", setup.Transports.Subscriptions.Select(static each => Summary(each.Pattern, each.Options))));
        }
    }

    internal async ValueTask<RunningReceiver> ReceiveAsync(
        string pattern, SubscriptionOptions said, Func<ReceivedEvent, CancellationToken, ValueTask>? handler, CancellationToken cancellationToken)
    {
        var receiver = NewReceiver(pattern, said, handler);
        var running = await SubscribeAsync(receiver, cancellationToken).ConfigureAwait(false);
        Log.Receiving(_logger, pattern, slot.Required.Description, receiver.Name, said.Concurrency);
        return running;
    }

    private Receiver NewReceiver(string pattern, SubscriptionOptions said, Func<ReceivedEvent, CancellationToken, ValueTask>? handler) =>
        new(pattern, said, new RetryPolicy(retries.Value, string.Empty, said.MaxAttempts, jitter.Next), handler);

    private async ValueTask<RunningReceiver> SubscribeAsync(Receiver receiver, CancellationToken cancellationToken)
    {
        var subscription = await slot.Required
            .SubscribeAsync(receiver.Wanted, (incoming, stop) => arriving.ReceiveAsync(receiver, incoming, stop), cancellationToken)
            .ConfigureAwait(false);
        if (!TryKeep(subscription))
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw new CarillonException($"'{receiver.Pattern}' cannot be received any more: the host is stopping.");
        }

        return new RunningReceiver(subscription, this);
    }

    /// <summary>Nothing new comes; what is being handled has its time to end.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        ITransportSubscription[] running;
        lock (_gate)
        {
            _isStopped = true;
            running = [.. _running];
            _running.Clear();
        }

        using var drain = new CancellationTokenSource(options.Value.DrainTimeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(drain.Token, cancellationToken);
        await Task.WhenAll(Array.ConvertAll(running, subscription => subscription.StopAsync(deadline.Token).AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (deadline.IsCancellationRequested)
        {
            Log.ReceiversCancelled(_logger, options.Value.DrainTimeout);
        }
    }

    internal void Forget(ITransportSubscription subscription)
    {
        lock (_gate)
        {
            _running.Remove(subscription);
        }
    }

    private static string Summary(string pattern, SubscriptionOptions said) =>
        $"{pattern} {(said.Key is { } key ? $"as '{key}'" : "as a temporary subscription")}, {(said.Ordered ? "in order, " : string.Empty)}up to {said.Concurrency} at a time";

    private bool TryKeep(ITransportSubscription subscription)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                _running.Add(subscription);
            }

            return !_isStopped;
        }
    }
}
