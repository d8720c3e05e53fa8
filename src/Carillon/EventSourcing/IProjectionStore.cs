using System.Data.Common;

namespace Carillon.EventSourcing;

/// <summary>How far projections have come, and who runs them: the port between their runner and a database.</summary>
/// <remarks>
/// <para>
/// One process at a time runs a generation, by a lease. Every lease raises a token, and whoever writes shows it: a process that was suspended for an hour writes nothing
/// that another one has taken over since. Nothing is locked beyond a transaction.
/// </para>
/// <para>Time comes in with the call; a store has no clock.</para>
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface IProjectionStore
{
    /// <summary>All generations of a projection, or of all of them, by name and generation.</summary>
    ValueTask<IReadOnlyList<ProjectionSnapshot>> ListAsync(string? name, CancellationToken cancellationToken);

    /// <summary>Makes the first generation of a projection, live, at the beginning, unless the projection has one.</summary>
    ValueTask EnsureAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Begins the next generation of a projection, building, at the beginning, already leased by the caller. One that is being built without a lease is retired.
    /// </summary>
    /// <param name="name">The projection, which has a live generation.</param>
    /// <param name="owner">Who builds it.</param>
    /// <param name="now">The time (UTC).</param>
    /// <param name="until">How long the lease lasts (UTC).</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if somebody else is building one.</returns>
    ValueTask<ProjectionLease?> BeginAsync(string name, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Leases a generation that is running and that nobody has, or whose lease has ended.</summary>
    /// <returns>Null if it is paused, failed, retired or not there, or somebody else has it.</returns>
    ValueTask<ProjectionLease?> LeaseAsync(string name, int generation, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Writes how far it has come, in the transaction of the read model, and extends the lease. What was said of its error is forgotten if it has come on. With a position that it has
    /// passed, the lease is extended and nothing else: so it can be while the transaction of a batch is open.
    /// </summary>
    /// <param name="transaction">The transaction; null for one of the store's own.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="position">Up to where everything was taken.</param>
    /// <param name="until">How long the lease lasts from now on (UTC).</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if the lease is lost or the projection no longer running: the transaction is to be rolled back.</returns>
    ValueTask<bool> AdvanceAsync(DbTransaction? transaction, ProjectionLease lease, long position, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Gives a lease back. One that is lost is left alone.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="error">Why it does not come on; null if nothing is wrong.</param>
    /// <param name="failedPosition">The event that it failed on; null to keep it running.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ReleaseAsync(ProjectionLease lease, string? error, long? failedPosition, CancellationToken cancellationToken);

    /// <summary>Pauses the live generation: from now on nothing more of it is written.</summary>
    /// <returns>False if there is none.</returns>
    ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Resumes the live generation, whether it was paused or has failed.</summary>
    /// <param name="name">The projection.</param>
    /// <param name="skipsFailed">Whether the event that it failed on is left out for good.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if there is none.</returns>
    ValueTask<bool> ResumeAsync(string name, bool skipsFailed, CancellationToken cancellationToken);

    /// <summary>Puts the generation that was built into the place of the live one, which is retired, if it has come as far.</summary>
    /// <param name="transaction">The transaction; null for one of the store's own.</param>
    /// <param name="lease">The lease of the one that was built; it is given back by this.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if it has not come as far, or the lease is lost.</returns>
    ValueTask<bool> SwitchAsync(DbTransaction? transaction, ProjectionLease lease, CancellationToken cancellationToken);

    /// <summary>Forgets a retired generation.</summary>
    /// <param name="transaction">The transaction; null for one of the store's own.</param>
    /// <param name="name">The projection.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if it is not retired, or not there.</returns>
    ValueTask<bool> ForgetAsync(DbTransaction? transaction, string name, int generation, CancellationToken cancellationToken);
}
