namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>A call that waits for the writer.</summary>
internal abstract class SqliteWrite
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;
    private const int Undone = 3;

    private int _progress;

    /// <summary>
    /// How many settlements it has, if a transaction of the application may take it along; 0 if it waits for the writer, as do those that nobody else could carry out.
    /// </summary>
    internal int Rides { get; set; }

    /// <summary>Its place in the line.</summary>
    internal long Number { get; set; }

    /// <summary>What it does, for messages: <c>write 1 delivery of 'poll.created'</c>.</summary>
    internal abstract string What { get; }

    /// <summary>Called by the writer inside a transaction; called again in a transaction of its own if the first one failed.</summary>
    internal abstract void Execute(SqliteSession session);

    /// <summary>The transaction is committed.</summary>
    internal abstract void Complete();

    internal abstract void Fail(Exception exception);

    /// <summary>
    /// From here on it is carried out and its caller is told how it ended, cancelled or not: a call that throws has changed nothing.
    /// </summary>
    /// <returns>False if it was cancelled before.</returns>
    internal bool TryBegin() =>
        Interlocked.CompareExchange(ref _progress, Begun, Waiting) == Waiting || Interlocked.CompareExchange(ref _progress, Begun, Undone) == Undone;

    /// <summary>It has begun elsewhere, and what came of it was undone or is not known. It waits again, for the writer alone, and cannot be cancelled any more.</summary>
    internal void Undo()
    {
        Rides = 0;
        Volatile.Write(ref _progress, Undone);
    }

    protected bool TryCancel() => Interlocked.CompareExchange(ref _progress, Cancelled, Waiting) == Waiting;
}
