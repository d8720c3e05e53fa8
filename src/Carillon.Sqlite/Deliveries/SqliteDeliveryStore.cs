using System.Data.Common;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Inbox;
using Carillon.Sagas;
using Carillon.Sqlite.Deliveries.Internal;
using Carillon.Sqlite.EventSourcing;
using Carillon.Sqlite.EventSourcing.Internal;
using Carillon.Sqlite.Inbox.Internal;
using Carillon.Sqlite.Sagas.Internal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Sqlite.Deliveries;

/// <summary>Keeps deliveries in a SQLite database: the application's own, so that they are written in its transactions.</summary>
/// <remarks>
/// <para>
/// Several processes may use one file. What is written is written by one connection, which commits everything that is waiting at once; what is read
/// is read beside it. A call that is cancelled before its write has begun changes nothing and throws; one whose write has begun is carried out
/// and returns.
/// </para>
/// <para>Disposing it carries out what is waiting and closes the file.</para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class SqliteDeliveryStore : IDeliveryStore, IInboxStore, IStreamDatabase, ISagaStore, IDisposable, IAsyncDisposable
{
    /// <summary>A sweep removes kept deliveries in pieces of this size, so that others may write in between.</summary>
    private const int SweepSize = 1_000;

    private readonly SqliteLocation _location;
    private readonly WriteTurn _turn;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // Under _gate; read without it.
    private Connections? _connections;
    private bool _disposed;

    /// <summary>Creates the store. Nothing is opened before <see cref="PrepareAsync"/>.</summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="loggers">Where it says what it has done to the tables (600 to 619, <c>Carillon.Stores</c>); null for nowhere.</param>
    /// <exception cref="CarillonConfigurationException">The options name no file that deliveries can live in.</exception>
    public SqliteDeliveryStore(SqliteOptions options, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _location = new SqliteLocation(options);
        _turn = new WriteTurn(_location.BusyTimeout);
        _logger = loggers?.CreateLogger("Carillon.Stores") ?? NullLogger.Instance;
        var calls = new StoreCalls(_location, () => (Open.Writer, Open.Reader));
        Streams = new SqliteStreamStore(calls);
        Projections = new SqliteProjectionStore(calls);
    }

    /// <inheritdoc/>
    public string Description => _location.Description;

    /// <inheritdoc/>
    public IStreamStore Streams { get; }

    /// <inheritdoc/>
    public IProjectionStore Projections { get; }

    /// <inheritdoc/>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        // May wait for the lock of another process that is starting.
        new(Task.Run(Prepare, cancellationToken));

    /// <inheritdoc/>
    public bool JoinsTransactions => true;

    /// <inheritdoc/>
    public string? WhyNotIn(DbConnection connection) => SqliteTransactions.WhyNotIn(connection, _location);

    /// <inheritdoc/>
    public async ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await _turn.TakeAsync(SqliteTransactions.EndOf(connection), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        deliveries.Count == 0
            ? ValueTask.CompletedTask
            : new(Open.Writer.WriteAsync(deliveries, DeliveryTable.Insert, DeliveryWords.Write, cancellationToken));

    /// <inheritdoc/>
    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqliteTransactions.Insert(transaction, deliveries, _location);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>Takes along the settlements that wait to be written, if the connection commits as durably as the store.</remarks>
    public ValueTask CommitAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqliteTransactions.Commit(transaction, deliveries, _location, Open.Writer);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>Opened with the connection string of the options: from the driver's pool, unless that says otherwise.</remarks>
    public ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(_location.OpenAsTheApplication());
        }
        catch (SqliteException cause)
        {
            throw SqliteFault.Explain("open a connection", _location, cause);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connections = Open;

        // An idle worker never takes the write lock.
        if (request.MaxCount <= 0 || !connections.Reader.Read("see what is due", request, DeliveryQueues.IsAnyDue))
        {
            return [];
        }

        var found = await LeaseAsync(connections, request, cancellationToken).ConfigureAwait(false);
        var leased = found.Deliveries;
        while (found.MayBeMore && leased.Count < request.MaxCount)
        {
            try
            {
                // It has begun, and is carried out.
                found = await LeaseAsync(connections, request with { MaxCount = request.MaxCount - leased.Count }, CancellationToken.None).ConfigureAwait(false);
                leased.AddRange(found.Deliveries);
            }
            catch (DeliveryStoreException) when (leased.Count > 0)
            {
                // What was leased before is. The next call is told what is wrong.
                break;
            }
        }

        return leased;
    }

    /// <inheritdoc/>
    public ValueTask<ExtendedLeases> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        deliveries.Count == 0
            ? new(ExtendedLeases.All)
            : new(Open.Writer.WriteAsync(
                (deliveries, until), DeliveryTable.Extend, static extension => DeliveryWords.Extend(extension.deliveries), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        // Before they are queued: a caller's mistake is the caller's exception.
        foreach (var settlement in settlements)
        {
            settlement.Check();
        }

        return settlements.Count == 0
            ? new([])
            : new(Open.Writer.WriteAsync(settlements, Settling.Settle, DeliveryWords.Settle, cancellationToken, rides: settlements.Count));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken)
    {
        settlement.Check();
        cancellationToken.ThrowIfCancellationRequested();
        var lost = SqliteTransactions.Write(
            transaction,
            (IReadOnlyList<Settlement>)[settlement],
            reads: true,
            DeliveryWords.Settle,
            static (session, settlements) => SqliteTransactions.AllOrNone(session, settlements, Settling.Settle),
            _location);
        return new(lost.Count == 0);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read("see what is due", after, DeliveryQueues.NextDue));
    }

    /// <inheritdoc/>
    /// <remarks>Removes in several transactions what is many.</remarks>
    public async ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connections = Open;
        if (!connections.Reader.Read("see what is to be swept", request.Now, DeliveryReading.NeedsSweep))
        {
            return 0;
        }

        var ready = await connections.Writer.WriteAsync(request, Managing.Unpark, static _ => "make parked deliveries ready", cancellationToken)
            .ConfigureAwait(false);
        while (await connections.Writer.WriteAsync(
            (request.Now, most: SweepSize), Managing.RemoveKept, static _ => "remove what need not be kept", cancellationToken)
            .ConfigureAwait(false))
        {
        }

        return ready;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read("count deliveries", now, DeliveryReading.Count));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.PageSize);
        return new(Open.Reader.Read("list deliveries", (query, now), DeliveryReading.List));
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read("find a delivery", (id, now), DeliveryReading.Find));
    }

    /// <inheritdoc/>
    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync((ids, now), Managing.Retry, static change => DeliveryWords.Change("retry", change.ids), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync(
            (ids, now, keepUntil), Managing.Discard, static change => DeliveryWords.Change("discard", change.ids), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync(
            (ids, now, keepUntil), Managing.Cancel, static change => DeliveryWords.Change("cancel", change.ids), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync((id, dueAt, now), Managing.Reschedule, static change => $"reschedule delivery {change.id}", cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read("list queues", now, DeliveryQueues.List));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read("list paused queues", 0, static (session, _) => DeliveryQueues.ListPaused(session)));
    }

    /// <inheritdoc/>
    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync((queue, now), DeliveryQueues.Pause, static change => $"pause the queue '{change.queue}'", cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync(queue, DeliveryQueues.Resume, static queue => $"resume the queue '{queue}'", cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken)
    {
        var seen = (consumer, messageId, now, keepUntil);
        if (transaction is null)
        {
            return new(Open.Writer.WriteAsync(seen, InboxTable.TryRecord, DeliveryWords.Record, cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(SqliteTransactions.Write(transaction, seen, reads: false, DeliveryWords.Record, InboxTable.TryRecord, _location));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read("see which messages were seen", (consumer, messageId, now), InboxTable.IsRecorded));
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync(
            (consumer, messageId), InboxTable.Forget, static seen => $"forget that '{seen.consumer}' has seen the message '{seen.messageId}'", cancellationToken));

    /// <inheritdoc/>
    public ValueTask<FoundSaga?> FindAsync(DbTransaction? transaction, string saga, string key, string step, Guid eventId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sought = (saga, key, step, eventId);
        return new(transaction is null
            ? Open.Reader.Read("read a saga", sought, SagaTable.Find)
            // It is read to be saved: the lock is taken first.
            : SqliteTransactions.Write(transaction, sought, reads: true, static sought => $"read the saga '{sought.saga}' '{sought.key}'", SagaTable.Find, _location));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(DbTransaction? transaction, SagaInstance instance, SagaEntry entry, CancellationToken cancellationToken)
    {
        if (transaction is null)
        {
            return new(Open.Writer.WriteAsync((instance, entry), SagaTable.Save, static save => What(save.instance), cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(SqliteTransactions.Write(transaction, (instance, entry), reads: false, static save => What(save.instance), SagaTable.Save, _location));

        static string What(SagaInstance instance) => $"save the saga '{instance.Saga}' '{instance.Key}'";
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SagaInstance>> ListAsync(SagaQuery query, CancellationToken cancellationToken) => ReadAsync("list sagas", query, SagaTable.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SagaEntry>> ListEntriesAsync(string saga, string key, CancellationToken cancellationToken) =>
        ReadAsync("read the history of a saga", (saga, key), SagaTable.ListEntries, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga, CancellationToken cancellationToken) => ReadAsync("count sagas", saga, SagaTable.Count, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Connections? connections;
        lock (_gate)
        {
            _disposed = true;
            connections = _connections;
        }

        connections?.Writer.Dispose();
        connections?.Reader.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private Connections Open =>
        Volatile.Read(ref _connections)
        ?? throw new InvalidOperationException($"The {Description} is not prepared. Call PrepareAsync first; the host does so when it starts.");

    private ValueTask<TResult> ReadAsync<TState, TResult>(string what, TState state, Func<SqliteSession, TState, TResult> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Open.Reader.Read(what, state, read));
    }

    private static Task<Leasing.Found> LeaseAsync(Connections connections, LeaseRequest request, CancellationToken cancellationToken) =>
        connections.Writer.WriteAsync(request, Leasing.Lease, static request => $"lease deliveries for '{request.Lease.Owner}'", cancellationToken);

    private void Prepare()
    {
        try
        {
            using var session = _location.OpenWriter();
            SqliteSchema.Apply(session, _location, _logger);
        }
        catch (SqliteException cause)
        {
            throw SqliteFault.Explain("prepare the delivery tables", _location, cause);
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _connections ??= new Connections(new SqliteWriter(_location, _turn), new SqliteReader(_location));
        }
    }

    private sealed record Connections(SqliteWriter Writer, SqliteReader Reader);
}
