using System.Diagnostics.CodeAnalysis;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Lets the store and the units of work of this process write one after the other, so that neither meets the lock of the other.</summary>
/// <remarks>
/// SQLite has one write lock and no queue for it. A connection of the application that meets it rests for 150 ms at a time in the driver, while the
/// store takes it again and again; in here they wait in line. The lock itself has the last word: other processes have no part in this.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
[SuppressMessage(
    "Design", "CA1001", Justification = "A semaphore whose wait handle was never asked for holds nothing, and a unit of work may end after the store has.")]
internal sealed class WriteTurn(TimeSpan patience)
{
    private readonly SemaphoreSlim _free = new(1);

    /// <returns>False if nobody has ended his turn in time.</returns>
    internal bool Take() => _free.Wait(patience);

    /// <returns>What ends the turn; null if nobody has ended his in time.</returns>
    internal async ValueTask<IDisposable?> TakeAsync(CancellationToken cancellationToken) =>
        await _free.WaitAsync(patience, cancellationToken).ConfigureAwait(false) ? new Taken(this) : null;

    internal void End() => _free.Release();

    private sealed class Taken(WriteTurn turn) : IDisposable
    {
        private WriteTurn? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.End();
    }
}
