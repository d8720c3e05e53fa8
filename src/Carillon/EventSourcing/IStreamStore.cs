using System.Data.Common;

namespace Carillon.EventSourcing;

/// <summary>Where streams of events live: the port between the event store and a database.</summary>
/// <remarks>
/// <para>Without a transaction of the caller's, every method is one of its own: it has happened completely when it returns, or not at all when it throws.</para>
/// <para>
/// Versions count the events of a stream, from 1 and without gaps. Positions count all events of the store: they rise in the order in which they are given, and there are gaps
/// where a transaction was rolled back. Within a stream they rise with the versions.
/// </para>
/// <para>
/// <b>Nobody may miss an event that commits late.</b> Positions are given when events are written, and transactions commit in any order. So <see cref="FindEndAsync"/>
/// never tells a position that has one before it whose transaction may still be open.
/// </para>
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface IStreamStore
{
    /// <summary>A few words for messages: the kind of store and where it is. Without credentials.</summary>
    string Description { get; }

    /// <summary>Whether events can be appended in the application's transactions.</summary>
    bool JoinsTransactions { get; }

    /// <summary>
    /// Whether events can be appended in an ambient transaction (<c>System.Transactions</c>): the methods below are given an
    /// <see cref="Carillon.Transactions.EnlistedTransaction"/> then, with the connection that is enlisted. Defaults to false: an append inside one is refused, if the store joins transactions at all.
    /// </summary>
    bool JoinsAmbientTransactions => false;

    /// <summary>Appends events to a stream, all or none.</summary>
    /// <param name="transaction">The application's transaction; null for one of the store's own.</param>
    /// <param name="stream">The stream; it begins with its first event.</param>
    /// <param name="expected">What the stream has to be.</param>
    /// <param name="events">The events, at least one, in their order.</param>
    /// <param name="cancellationToken">Gives up as long as nothing was written.</param>
    /// <exception cref="WrongExpectedVersionException">The stream is something else. The application's transaction can go on.</exception>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">The database could not; the application's transaction should be rolled back.</exception>
    ValueTask<AppendResult> AppendAsync(
        DbTransaction? transaction, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken);

    /// <summary>One page of a stream; empty if there is none, or nothing in this direction.</summary>
    /// <param name="transaction">The application's transaction, which sees what it has appended itself; null for what is committed.</param>
    /// <param name="read">Which page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(DbTransaction? transaction, StreamRead read, CancellationToken cancellationToken);

    /// <summary>The version of a stream: that of its last event; 0 if there is none.</summary>
    /// <param name="transaction">The application's transaction, which sees what it has appended itself; null for what is committed.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<long> FindVersionAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken);

    /// <summary>How far the store can be read.</summary>
    ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken);

    /// <summary>One page of all events, by their positions: those after one position, up to and including another.</summary>
    /// <param name="after">The position before the first event; 0 for the beginning.</param>
    /// <param name="upTo">The last position to be read: one that <see cref="FindEndAsync"/> has told, now or earlier.</param>
    /// <param name="direction">Forwards, from <paramref name="after"/> on, or backwards, from <paramref name="upTo"/> on.</param>
    /// <param name="maxCount">How many events at the most. Fewer are the end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(long after, long upTo, ReadDirection direction, int maxCount, CancellationToken cancellationToken);

    /// <summary>Keeps a snapshot in the place of the one that the stream has, unless that one is of a later version.</summary>
    /// <param name="transaction">The application's transaction; null for one of the store's own.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask SaveSnapshotAsync(DbTransaction? transaction, StoredSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>The snapshot of a stream; null if there is none.</summary>
    /// <param name="transaction">The application's transaction; null for what is committed.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<StoredSnapshot?> FindSnapshotAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken);
}
