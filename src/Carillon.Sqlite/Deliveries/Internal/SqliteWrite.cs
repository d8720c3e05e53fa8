namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>A call that waits for the writer.</summary>
internal abstract class SqliteWrite
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;

    private int _progress;

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
    internal bool TryBegin() => Interlocked.CompareExchange(ref _progress, Begun, Waiting) == Waiting;

    protected bool TryCancel() => Interlocked.CompareExchange(ref _progress, Cancelled, Waiting) == Waiting;
}
