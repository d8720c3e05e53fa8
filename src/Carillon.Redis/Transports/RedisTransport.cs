using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports.Internal;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Redis.Transports;

/// <summary>Carries events between applications by Redis Streams.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class RedisTransport : ITransport, IAsyncDisposable
{
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RedisAddress _address;
    private readonly RedisLink _link;
    private readonly SubscriptionScripts _scripts;

    /// <summary>Makes a transport; nothing is opened before <see cref="PrepareAsync"/>.</summary>
    /// <param name="options">Where the server is.</param>
    /// <param name="time">By which time to wait. Null: that of the system. Delays and leases go by the server's clock.</param>
    /// <param name="loggers">Where to log. Null: nowhere.</param>
    /// <exception cref="CarillonConfigurationException">The options name no server, or have a value that cannot be.</exception>
    public RedisTransport(RedisOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        RedisOptionsRules.Check(options);
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = loggers?.CreateLogger("Carillon.Redis") ?? NullLogger.Instance;
        _address = RedisAddress.Of(options);
        _link = NewLink();
        _scripts = new SubscriptionScripts(_link, options, AnswerLimits.Default);
        DeadLetters = new RedisDeadLetters(_scripts);
    }

    /// <inheritdoc/>
    public string Name => "redis";

    /// <inheritdoc/>
    public string Description => _address.Description;

    /// <inheritdoc/>
    /// <remarks><see cref="TransportFeatures.SurvivesRestart"/> holds for a server that writes an append-only file; without one the log warns at the start.</remarks>
    public TransportFeatures Features =>
        TransportFeatures.TellsUnrouted | TransportFeatures.OrdersByKey | TransportFeatures.OrdersRetries | TransportFeatures.SurvivesRestart;

    /// <inheritdoc/>
    public ITransportDeadLetters DeadLetters { get; }

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        var info = await _link.SendAsync("ask the server about itself", new RedisCommand("INFO"), TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        ServerInfo.Of(info.Text).Check(Description, _logger);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await _link.SendAsync("see whether the server is there", new RedisCommand("PING"), TimeSpan.Zero, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outgoing);
        var (taken, trimmed) = await _scripts.PublishAsync(outgoing, cancellationToken).ConfigureAwait(false);
        if (trimmed > 0)
        {
            Log.Trimmed(_logger, trimmed, outgoing.EventName, _options.MaxWaiting);
        }

        return taken > 0 ? PublishResult.Routed : PublishResult.Unrouted;
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportSubscription> SubscribeAsync(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(handle);
        subscription.Check();
        if (subscription.QueueKind is { } kind)
        {
            throw new TransportException($"The transport to {Description} has one kind of queue, and the subscription asks for '{kind}'. Leave QueueKind out.");
        }

        var receiver = new RedisReceiver(_scripts, NewLink(), subscription, handle, _options.ReceiverLease, _time, _logger);
        await receiver.StartAsync(cancellationToken).ConfigureAwait(false);
        return receiver;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _scripts.DeleteAsync(key, cancellationToken);
    }

    /// <summary>Closes the connection. Subscriptions are to be stopped before.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private RedisLink NewLink() => new(_address, _options, _time);
}
