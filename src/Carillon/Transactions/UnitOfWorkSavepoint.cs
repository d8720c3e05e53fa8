using Carillon.Transactions.Internal;

namespace Carillon.Transactions;

/// <summary>A part of a unit of work that can be rolled back by itself, with what was dispatched in it.</summary>
/// <remarks>
/// Released, it becomes a part of what is around it: nothing is written and no listener of a phase runs before the whole is committed. Rolled back, its deliveries and
/// its before-commit and after-commit listeners are dropped; its after-rollback and after-completion listeners run when the whole has ended, however it ends. Not
/// thread-safe. Dispose it in any case: what is not released by then is rolled back.
/// </remarks>
public sealed class UnitOfWorkSavepoint : IAsyncDisposable
{
    private readonly UnitOfWork _work;
    private readonly WorkMark _mark;
    private readonly UnitOfWork.Waiting _waiting;

    internal UnitOfWorkSavepoint(UnitOfWork work, WorkMark mark, string name, UnitOfWork.Waiting waiting)
    {
        _work = work;
        _mark = mark;
        _waiting = waiting;
        Name = name;
    }

    /// <summary>Its name in the database.</summary>
    public string Name { get; }

    // One that stands around it takes it along when it ends.
    private bool IsOpen => _work.Pending.IsOpen && _work.Pending.Has(_mark);

    /// <summary>Keeps what was done since the savepoint was set: it shares the fate of what is around it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The savepoint, one around it or the unit of work has ended.</exception>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        await _work.Transaction.ReleaseAsync(Name, cancellationToken).ConfigureAwait(false);
        _work.Pending.Release(_mark);
    }

    /// <summary>Rolls back to the savepoint, which ends with it: the application's work since then and what was dispatched are gone.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The savepoint, one around it or the unit of work has ended.</exception>
    public async ValueTask RollbackAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        await _work.Transaction.RollbackAsync(Name, cancellationToken).ConfigureAwait(false);
        _work.RollBackTo(_mark, _waiting);
        _work.Pending.Release(_mark);
    }

    /// <summary>Rolls back to the savepoint, unless it has ended.</summary>
    public ValueTask DisposeAsync() => IsOpen ? RollbackAsync() : ValueTask.CompletedTask;

    private void CheckOpen()
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException(
                $"The savepoint '{Name}' has ended: it can be released or rolled back once, and ends with what is around it. Set another one with SavepointAsync.");
        }
    }
}
