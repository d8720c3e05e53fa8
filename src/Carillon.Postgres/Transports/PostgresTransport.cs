using Carillon.Deliveries;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Postgres.Transports.Internal;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Postgres.Transports;

/// <summary>Carries events between applications by a PostgreSQL database that they share.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class PostgresTransport : ITransport, IAsyncDisposable
{
    private readonly PostgresTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PostgresLocation _location;
    private readonly PostgresConnections _connections;
    private readonly TransportCalls _calls;
    private readonly Notices _notices;
    private readonly Upkeep _upkeep;
    private readonly EventPublisher _publisher;
    private int _isDisposed;

    /// <summary>Makes a transport; nothing is opened before <see cref="PrepareAsync"/>.</summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="time">By which time to wait. Null: that of the system. Delays and leases go by the server's clock.</param>
    /// <param name="loggers">Where to log. Null: nowhere.</param>
    /// <exception cref="CarillonConfigurationException">The options name no database, or have a value that cannot be.</exception>
    public PostgresTransport(PostgresTransportOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        TransportOptionsRules.Check(options);
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = loggers?.CreateLogger("Carillon.Transports") ?? NullLogger.Instance;
        var store = TransportOptionsRules.ForStore(options);
        _location = PostgresLocation.Of(store);
        _connections = new PostgresConnections(store, _location, _time);
        _calls = new TransportCalls(_connections, _location);
        _notices = new Notices(_connections, _location, options, _time, _logger);
        _upkeep = new Upkeep(_calls, _notices, Description, options.ReceiverLease, _time, _logger);
        _publisher = new EventPublisher(_calls, _notices);
        DeadLetters = new PostgresDeadLetters(_calls, _notices);
    }

    /// <inheritdoc/>
    public string Name => "postgres";

    /// <inheritdoc/>
    public string Description => _location.Description;

    /// <inheritdoc/>
    public TransportFeatures Features =>
        TransportFeatures.TellsUnrouted | TransportFeatures.OrdersByKey | TransportFeatures.OrdersRetries | TransportFeatures.SurvivesRestart;

    /// <inheritdoc/>
    public ITransportDeadLetters DeadLetters { get; }

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostgresSchema.PrepareAsync(_connections, _location, _options.ApplyMigrations, _logger, cancellationToken).ConfigureAwait(false);
        }
        catch (DeliveryStoreException fault)
        {
            throw TransportFault.Explain(fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await _calls.ListAsync("see whether the database is there", () => _calls.Command("SELECT 1"), static row => row.GetInt32(0), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outgoing);
        return new(_publisher.PublishAsync(outgoing, cancellationToken));
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
            throw new TransportException($"The transport by the {Description} has one kind of queue, and the subscription asks for '{kind}'. Leave QueueKind out.");
        }

        var receiver = new PostgresReceiver(_calls, _notices, _upkeep, subscription, handle, _options, _time, _logger);
        await receiver.StartAsync(cancellationToken).ConfigureAwait(false);
        return receiver;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var found = await _calls.ListAsync(
            $"find the subscription '{key}'",
            () => _calls.Command(UpkeepSql.Find).With(key),
            static row => (Id: row.GetInt64(0), IsReceived: row.GetBoolean(1)),
            cancellationToken).ConfigureAwait(false);
        return found switch
        {
            [] => false,
            [{ IsReceived: true }] => throw new TransportException(
                $"The subscription '{key}' cannot be deleted while somebody receives from it. Stop its receivers first; one that has crashed counts for {_options.ReceiverLease}."),
            _ => await _upkeep.DeleteAsync(found[0].Id, cancellationToken).ConfigureAwait(false),
        };
    }

    internal ValueTask SweepAsync(CancellationToken cancellationToken) => _upkeep.SweepAsync(cancellationToken);

    /// <summary>Writes what waits to be published, and closes the connections. Subscriptions are to be stopped before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _publisher.DisposeAsync().ConfigureAwait(false);
        await _notices.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }
}
