using System.Data.Common;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Inbox;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Postgres.EventSourcing;
using Carillon.Postgres.Sagas.Internal;
using Carillon.Sagas;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries;

/// <summary>Keeps deliveries in a PostgreSQL database: the application's own, so that they are written in its transactions.</summary>
/// <remarks>
/// <para>
/// Any number of processes may use one schema. There is no leader, and nothing is locked for longer than a transaction. A call that is cancelled before its
/// transaction has been sent changes nothing and throws; one that has been sent is carried out and returns.
/// </para>
/// <para>
/// If the connection breaks while a commit is on its way, nobody here can know whether it has happened: the exception says so. The deliveries are there or not with that
/// commit, and those that were written for this process to run are found by others when their lease ends.
/// </para>
/// <para>Disposing it carries out what is waiting and closes its connections.</para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class PostgresDeliveryStore : IDeliveryStore, IInboxStore, IStreamDatabase, ISagaStore, IAsyncDisposable, IDisposable
{
    private readonly PostgresOptions _options;
    private readonly PostgresLocation _location;
    private readonly PostgresConnections _connections;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StoreRunner _runner;
    private readonly KnownQueues _queues;
    private readonly GroupWriter _writer;
    private readonly Inserter _inserter;
    private readonly Claimer _claimer;
    private readonly Settler _settler;
    private readonly Manager _manager;
    private readonly Reader _reader;
    private readonly Cleaner _cleaner;
    private readonly SeenMessages _seen;
    private readonly SagaTable _sagas;
    private readonly NotificationSender _sender;
    private readonly NextDue _nextDue;

    /// <summary>Creates the store. Nothing is opened before <see cref="PrepareAsync"/>.</summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="time">What its pauses are measured by; null for the system's.</param>
    /// <param name="loggers">Where it says what it has done to the tables, and how it hears of others (620 to 639, <c>Carillon.Stores</c>); null for nowhere.</param>
    /// <exception cref="CarillonConfigurationException">The options name no database, or a schema that cannot be.</exception>
    public PostgresDeliveryStore(PostgresOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = loggers?.CreateLogger("Carillon.Stores") ?? NullLogger.Instance;
        _location = PostgresLocation.Of(options);
        _connections = new PostgresConnections(options, _location, _time);
        _runner = new StoreRunner(_connections, _location);
        _queues = new KnownQueues(_runner, _time);
        _writer = new GroupWriter(_connections, _location);
        _inserter = new Inserter(_connections, _location);
        _claimer = new Claimer(_connections, _location, _time);
        _settler = new Settler(_connections, _location);
        _manager = new Manager(_runner, _location);
        _reader = new Reader(_runner);
        _cleaner = new Cleaner(_runner);
        _seen = new SeenMessages(_connections, _runner, _location);
        _sender = new NotificationSender(_connections, _location.Channel, _time);
        _sagas = new SagaTable(_runner, _location, options.UsePreparedStatements);
        _nextDue = new NextDue(_connections, _location, _time);
        Streams = new PostgresStreamStore(_connections, _location);
        Projections = new PostgresProjectionStore(_connections, _location);
    }

    /// <inheritdoc/>
    public string Description => _location.Description;

    /// <inheritdoc/>
    public bool JoinsTransactions => true;

    /// <inheritdoc/>
    public IStreamStore Streams { get; }

    /// <inheritdoc/>
    public IProjectionStore Projections { get; }

    internal NotificationSender Notifications => _sender;

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        await PostgresSchema.PrepareAsync(_connections, _location, _options.ApplyMigrations, _logger, cancellationToken).ConfigureAwait(false);
        await _queues.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public string? WhyNotIn(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return _location.WhyNotIn(connection);
    }

    /// <inheritdoc/>
    public async ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        await _connections.OpenAsync("open a connection for a transaction", cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (deliveries.Count == 0)
        {
            return;
        }

        await _queues.AddAsync(deliveries, cancellationToken).ConfigureAwait(false);
        if (deliveries.All(static delivery => delivery.Unique is null))
        {
            await _writer.CallAsync(new GroupWrite(deliveries), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _inserter.InsertAloneAsync(deliveries, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (deliveries.Count == 0)
        {
            return;
        }

        var postgres = _location.Check(transaction);
        await _queues.AddAsync(deliveries, cancellationToken).ConfigureAwait(false);
        await _inserter.InsertAsync(postgres, deliveries).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public bool JoinsAmbientTransactions => true;

    /// <inheritdoc/>
    public string? WhyNotEnlisted(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return _location.WhyNotEnlisted(connection);
    }

    /// <inheritdoc/>
    public async ValueTask<DbConnection> OpenEnlistedAsync(CancellationToken cancellationToken) =>
        await _connections.OpenEnlistedAsync("write deliveries in an ambient transaction", cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask AddEnlistedAsync(DbConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (deliveries.Count == 0)
        {
            return;
        }

        var postgres = _location.CheckEnlisted(connection);
        await _queues.AddAsync(deliveries, cancellationToken).ConfigureAwait(false);
        await _inserter.InsertEnlistedAsync(postgres, deliveries).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public bool LeasesInTurn => true;

    /// <inheritdoc/>
    /// <remarks>One round trip, unless some are unique.</remarks>
    public async ValueTask CommitAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var postgres = _location.Check(transaction);
        await _queues.AddAsync(deliveries, cancellationToken).ConfigureAwait(false);
        await _inserter.CommitAsync(postgres, deliveries).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Announce()
    {
        if (_options.UseNotifications)
        {
            _sender.Announce();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable?> ListenAsync(Action wake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wake);
        if (!_options.UseNotifications)
        {
            Log.NotListening(_logger, Description);
            return null;
        }

        var listener = new NotificationListener(_connections, _location, _location.Channel, _sender, _time, _logger, _ => wake());
        try
        {
            await listener.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
            return listener;
        }
        catch (OperationCanceledException)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return request.MaxCount > 0 ? _claimer.LeaseAsync(request, cancellationToken) : new([]);
    }

    /// <inheritdoc/>
    public ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return deliveries.Count > 0 ? _settler.ExtendAsync(deliveries, until, cancellationToken) : new(ExtendedLeases.All);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isSimple = true;
        foreach (var settlement in settlements)
        {
            settlement.Check();
            isSimple &= Settler.IsSimple(settlement);
        }

        return settlements.Count == 0
            ? new([])
            : isSimple
                ? new(_writer.CallAsync(new GroupWrite(settlements), cancellationToken))
                : _settler.SettleAsync(settlements, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        cancellationToken.ThrowIfCancellationRequested();
        settlement.Check();
        return await _settler.SettleAsync(_location.Check(transaction), settlement).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _nextDue.GetAsync(after, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Removes in several transactions what is many.</remarks>
    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _cleaner.SweepAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Exact. It reads the indexes of what is there, so it takes the longer the more there is: about a tenth of a second for a million.</remarks>
    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _reader.CountAsync(now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.PageSize, nameof(query));
        return _reader.ListAsync(query, now, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) => _reader.FindAsync(id, now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        _manager.RetryAsync(ids, now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        _manager.DiscardAsync(ids, now, keepUntil, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        _manager.CancelAsync(ids, now, keepUntil, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        _manager.RescheduleAsync(id, dueAt, now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _reader.ListQueuesAsync(now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken) => _reader.ListPausedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) =>
        _manager.PauseAsync(queue, now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) => _manager.ResumeAsync(queue, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return transaction is null
            ? _seen.TryRecordAsync(consumer, messageId, now, keepUntil, cancellationToken)
            : _seen.TryRecordAsync(_location.Check(transaction), consumer, messageId, now, keepUntil);
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken) =>
        _seen.IsRecordedAsync(consumer, messageId, now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken) =>
        _seen.ForgetAsync(consumer, messageId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FoundSaga?> FindAsync(DbTransaction? transaction, string saga, string key, string step, Guid eventId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _sagas.FindAsync(transaction is null ? null : _location.Check(transaction), saga, key, step, eventId, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(DbTransaction? transaction, SagaInstance instance, SagaEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _sagas.SaveAsync(transaction is null ? null : _location.Check(transaction), instance, entry, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SagaInstance>> ListAsync(SagaQuery query, CancellationToken cancellationToken) => _sagas.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SagaEntry>> ListEntriesAsync(string saga, string key, CancellationToken cancellationToken) =>
        _sagas.ListEntriesAsync(saga, key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga, CancellationToken cancellationToken) => _sagas.CountAsync(saga, cancellationToken);

    /// <summary>Carries out what is waiting and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync().ConfigureAwait(false);
        await _seen.StopAsync().ConfigureAwait(false);
        await _sender.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
}
