using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Sqlite.Deliveries.Internal;
using Microsoft.Data.Sqlite;

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
public sealed class SqliteDeliveryStore : IDeliveryStore, IDisposable, IAsyncDisposable
{
    /// <summary>A sweep removes kept deliveries in pieces of this size, so that others may write in between.</summary>
    private const int SweepSize = 1_000;

    private readonly SqliteLocation _location;
    private readonly WriteTurn _turn;
    private readonly Lock _gate = new();

    // Under _gate; read without it.
    private Connections? _connections;
    private bool _disposed;

    /// <summary>Creates the store. Nothing is opened before <see cref="PrepareAsync"/>.</summary>
    /// <param name="options">Where the database is.</param>
    /// <exception cref="CarillonException">The options name no file that deliveries can live in.</exception>
    public SqliteDeliveryStore(SqliteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _location = new SqliteLocation(options);
        _turn = new WriteTurn(_location.BusyTimeout);
    }

    /// <inheritdoc/>
    public string Description => _location.Description;

    /// <inheritdoc/>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        // May wait for the lock of another process that is starting.
        new(Task.Run(Prepare, cancellationToken));

    /// <inheritdoc/>
    public bool JoinsTransactions => true;

    /// <inheritdoc/>
    public string? WhyNotIn(DbConnection connection) => SqliteTransactions.WhyNotIn(connection, _location);

    /// <inheritdoc/>
    public ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => _turn.TakeAsync(cancellationToken);

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
    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connections = Open;

        // An idle worker never takes the write lock.
        return request.MaxCount > 0 && NextDue(connections) <= request.Now
            ? new(connections.Writer.WriteAsync(
                request, DeliveryTable.Lease, static request => $"lease deliveries for '{request.Lease.Owner}'", cancellationToken))
            : new([]);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        deliveries.Count == 0
            ? new([])
            : new(Open.Writer.WriteAsync(
                (deliveries, until), DeliveryTable.Extend, static extension => DeliveryWords.Extend(extension.deliveries), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        foreach (var settlement in settlements)
        {
            DeliveryTable.Check(settlement);
        }

        return settlements.Count == 0
            ? new([])
            : new(Open.Writer.WriteAsync(settlements, DeliveryTable.Settle, DeliveryWords.Settle, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> GetNextDueAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(NextDue(Open));
    }

    /// <inheritdoc/>
    /// <remarks>Removes in several transactions what is many.</remarks>
    public async ValueTask<int> SweepAsync(KnownNames known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connections = Open;
        if (!connections.Reader.Read("see what is to be swept", now, DeliveryReading.NeedsSweep))
        {
            return 0;
        }

        var ready = await connections.Writer.WriteAsync((known, now), DeliveryTable.Unpark, static _ => "make parked deliveries ready", cancellationToken)
            .ConfigureAwait(false);
        while (await connections.Writer.WriteAsync(
            (now, most: SweepSize), DeliveryTable.RemoveKept, static _ => "remove completed deliveries", cancellationToken)
            .ConfigureAwait(false) == SweepSize)
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
    public ValueTask<bool> RetryAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync((id, now), DeliveryTable.Retry, static state => $"retry delivery {state.id}", cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> DiscardAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(Open.Writer.WriteAsync((id, now), DeliveryTable.Discard, static state => $"discard delivery {state.id}", cancellationToken));

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

    private static DateTimeOffset? NextDue(Connections connections) =>
        connections.Reader.Read("see what is due", 0, static (session, _) => DeliveryReading.NextDue(session));

    private void Prepare()
    {
        try
        {
            using var session = _location.OpenWriter();
            SqliteSchema.Apply(session, _location);
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
