using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.EventSourcing;

/// <summary>Keeps events for ever, in streams: appends and reads them. Get it from the services of a scope.</summary>
/// <remarks>
/// <para>
/// An append in a scope with an open unit of work belongs to its transaction: the events are there if it commits, and only then. Without one it is committed when it returns.
/// A store in memory takes part in no transaction: what is appended there is there at once.
/// </para>
/// <para>Events are named and versioned as durable ones are, and read as what they are today.</para>
/// </remarks>
/// <threadsafety>Belongs to its scope; not safe for concurrent use inside a unit of work.</threadsafety>
public interface IEventStore
{
    /// <summary>Appends events to a stream, all or none.</summary>
    /// <param name="stream">The name of the stream: <c>order-4711</c>. It begins with its first event.</param>
    /// <param name="expected">What the stream has to be.</param>
    /// <param name="events">The events, at least one, in their order.</param>
    /// <param name="options">Who, metadata, whether they are dispatched too; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up as long as nothing was written.</param>
    /// <exception cref="ArgumentException">The stream cannot have this name, or there are no events.</exception>
    /// <exception cref="WrongExpectedVersionException">The stream is something else: somebody has written in between. A unit of work can go on.</exception>
    /// <exception cref="EventTooLargeException">An event is larger than the application allows.</exception>
    /// <exception cref="CarillonException">An event has no name, or the unit of work cannot be joined.</exception>
    /// <exception cref="DeliveryStoreException">The database could not; a unit of work should be rolled back.</exception>
    ValueTask<AppendResult> AppendAsync(
        string stream, ExpectedVersion expected, IReadOnlyCollection<object> events, AppendOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a stream, page by page as the reader goes on.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="from">
    /// The version of the first event; null, the default, for the first one forwards and the last one backwards. One beyond the end gives nothing forwards.
    /// </param>
    /// <param name="direction">In which order. Defaults to the oldest first.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <exception cref="StreamNotFoundException">There is no such stream.</exception>
    IAsyncEnumerable<RecordedEvent> ReadAsync(
        string stream, long? from = null, ReadDirection direction = ReadDirection.Forwards, CancellationToken cancellationToken = default);

    /// <summary>The version of a stream: that of its last event; 0 if there is none.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<long> FindVersionAsync(string stream, CancellationToken cancellationToken = default);

    /// <summary>Reads all events that are committed now, in the order of their positions.</summary>
    /// <param name="after">Forwards: the position before the first event; 0, the default, for the beginning.</param>
    /// <param name="direction">In which order. Defaults to the oldest first; backwards begins at the end and stops before <paramref name="after"/>.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <remarks>
    /// It ends where nothing can appear any more that it would have to have read: what was appended after a transaction that is open still is not read before that one
    /// has ended.
    /// </remarks>
    /// <exception cref="PositionBeyondEndException">The store has never come to this position.</exception>
    IAsyncEnumerable<RecordedEvent> ReadAllAsync(
        long after = 0, ReadDirection direction = ReadDirection.Forwards, CancellationToken cancellationToken = default);

    /// <summary>Reads all events and then waits for more, for as long as the reader wants. Nothing is skipped, in whatever order transactions commit.</summary>
    /// <param name="after">The position of the last event that was seen; 0, the default, for the beginning. The reader keeps it: a projection does so by itself.</param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    /// <exception cref="PositionBeyondEndException">The store has never come to this position.</exception>
    IAsyncEnumerable<RecordedEvent> SubscribeAsync(long after = 0, CancellationToken cancellationToken = default);

    /// <summary>How far the store can be read, and who holds it back if somebody does.</summary>
    ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps what a stream comes to, so that it need not be read from its beginning. It takes the place of the one before; an older one than that is dropped.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="version">The version of the last event that is in it.</param>
    /// <param name="state">The state. It is kept as JSON, by the rules of events.</param>
    /// <param name="shape">
    /// The name of its shape; null for the name of the type. Change it when the state comes to mean something else: a snapshot of another shape is not found.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask SaveSnapshotAsync<TState>(string stream, long version, TState state, string? shape = null, CancellationToken cancellationToken = default)
        where TState : class;

    /// <summary>The snapshot of a stream; null if there is none of this shape, or none that can be read any more.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="shape">The name of its shape; null for the name of the type.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<Snapshot<TState>?> FindSnapshotAsync<TState>(string stream, string? shape = null, CancellationToken cancellationToken = default)
        where TState : class;
}
