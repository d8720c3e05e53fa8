using System.Diagnostics.Metrics;
using Carillon.RabbitMq.Transports.Internal;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.RabbitMq.Transports;

/// <summary>Carries events by a topic exchange of RabbitMQ, with a queue for each subscription.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class RabbitMqTransport : ITransport, IAsyncDisposable
{
    private readonly RabbitMqOptions _options;
    private readonly BrokerLink _publishing;
    private readonly BrokerLink _receiving;
    private readonly ConfirmingPublisher _publisher;
    private readonly RabbitInstruments _instruments;
    private readonly RabbitMqDeadLetters _deadLetters;
    private readonly TransportParts _parts;
    private readonly Lock _gate = new();
    private readonly HashSet<RabbitReceiver> _receivers = [];
    private bool _isDisposed;

    /// <summary>Makes the transport. Nothing is connected before <see cref="PrepareAsync"/>.</summary>
    /// <param name="options">How events travel. Read once.</param>
    /// <param name="time">By which time is waited; null, the default, for that of the system. Delays of events pass by the broker's.</param>
    /// <param name="loggers">Where to log; null, the default, for nowhere.</param>
    /// <param name="meters">What makes meters; null, the default, for a meter of its own.</param>
    /// <exception cref="CarillonConfigurationException">An option has a value that it cannot have.</exception>
    public RabbitMqTransport(RabbitMqOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsFault.Check(options);
        _options = options;
        var address = BrokerAddress.Of(options.Connection);
        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Carillon.RabbitMq");
        _instruments = new RabbitInstruments(meters);
        _publishing = new BrokerLink(address, "publishing", _instruments, logger);
        _receiving = new BrokerLink(address, "receiving", _instruments, logger);
        _publisher = new ConfirmingPublisher(_publishing, options, _instruments, time ?? TimeProvider.System, logger);
        _parts = new TransportParts(options, _receiving, _publisher, _instruments, time ?? TimeProvider.System, logger);
        _deadLetters = new RabbitMqDeadLetters(_parts);
        _instruments.Observe(() => _publisher.Unconfirmed, () => _publishing.BlockedReason is not null);
        Description = address.Description;
    }

    /// <inheritdoc/>
    public string Name => "rabbitmq";

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public TransportFeatures Features => TransportFeatures.TellsUnrouted | TransportFeatures.OrdersByKey | TransportFeatures.SurvivesRestart;

    /// <inheritdoc/>
    public ITransportDeadLetters DeadLetters => _deadLetters;

    /// <inheritdoc/>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) => _publisher.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        // A channel wants an answer of the broker, on the connection that is there or on a new one.
        var channel = await _publishing.OpenChannelAsync("see whether the broker is there", null, cancellationToken).ConfigureAwait(false);
        await channel.DisposeAsync().ConfigureAwait(false);
        if (_publishing.BlockedReason is { } reason)
        {
            throw new TransportException($"{Description} takes no events for now: {reason}.");
        }
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outgoing);
        return _publisher.PublishAsync(outgoing, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportSubscription> SubscribeAsync(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(handle);
        subscription.Check();
        SubscriptionFault.Check(subscription, _options, _publishing.Version);
        var receiver = new RabbitReceiver(_parts, subscription, handle, Forget);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _receivers.Add(receiver);
        }

        try
        {
            await receiver.StartAsync(cancellationToken).ConfigureAwait(false);
            return receiver;
        }
        catch
        {
            await receiver.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SubscriptionRemoval.RemoveAsync(_parts, key, cancellationToken);
    }

    /// <summary>Stops what still receives, and closes the connections. What was not confirmed or acknowledged is sent again.</summary>
    public async ValueTask DisposeAsync()
    {
        RabbitReceiver[] receivers;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            receivers = [.. _receivers];
        }

        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Array.ConvertAll(receivers, receiver => receiver.StopAsync(now.Token).AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _deadLetters.DisposeAsync().ConfigureAwait(false);
        await _publisher.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_publishing.DisposeAsync().AsTask(), _receiving.DisposeAsync().AsTask()).ConfigureAwait(false);
        _instruments.Dispose();
    }

    private void Forget(RabbitReceiver receiver)
    {
        lock (_gate)
        {
            _receivers.Remove(receiver);
        }
    }
}
