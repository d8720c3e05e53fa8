namespace Carillon.EventSourcing;

/// <summary>
/// A class that keeps a read model of stored events. Its methods with <see cref="OnEventAttribute"/> take the events, one after the other in the order of their positions; no dispatch
/// reaches them. Add it with <c>AddProjection</c>.
/// </summary>
/// <remarks>
/// <para>
/// Events come in batches. A batch has a scope, an instance of the class and a transaction of its own, in which it is also noted how far the projection has come: both are committed, or
/// neither. The methods write in that transaction: <see cref="ProjectionRun.Transaction"/>, or a parameter of the type of the transaction or the connection. A store in memory has none.
/// </para>
/// <para>
/// A rebuild writes another generation (<see cref="ProjectionRun.Generation"/>) beside the one that is read. So what a projection writes belongs to a generation, by a column or in a
/// table of its own, and whoever reads asks for the live one.
/// </para>
/// <para>One method of a projection is called at a time, over all processes.</para>
/// </remarks>
public interface IProjection
{
    /// <summary>Called before the first event of a generation, in the transaction of its first batch: here tables are made, or what an earlier try has left is removed.</summary>
    /// <param name="run">Which generation.</param>
    /// <param name="cancellationToken">Gives up the batch.</param>
    ValueTask PrepareAsync(ProjectionRun run, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Called behind the last event of each batch, in its transaction: for those who gather what they write and write it at once.</summary>
    /// <param name="run">Which generation.</param>
    /// <param name="cancellationToken">Gives up the batch.</param>
    ValueTask CompleteBatchAsync(ProjectionRun run, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Called when a generation that was built is about to be the one that is read, in the transaction that makes it so: here tables change their names.</summary>
    /// <param name="run">Which generation.</param>
    /// <param name="cancellationToken">Gives up the switch.</param>
    ValueTask ActivateAsync(ProjectionRun run, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Called when a generation is not read any more, in the transaction that forgets it: here what it has written is removed.</summary>
    /// <param name="run">Which generation.</param>
    /// <param name="cancellationToken">Gives up; it is tried again.</param>
    ValueTask RetireAsync(ProjectionRun run, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
