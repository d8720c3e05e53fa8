namespace Carillon.EventSourcing;

/// <summary>The projections of the application: how they are, paused, resumed, built anew.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IProjections
{
    /// <summary>All projections of this application, by name.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<ProjectionState>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>One projection.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CarillonException">The application has none of this name.</exception>
    ValueTask<ProjectionState> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Pauses a projection in all processes: nothing more of it is committed once this has returned. A rebuild goes on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CarillonException">The application has none of this name.</exception>
    ValueTask PauseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Resumes a projection that was paused or has failed, where it stopped.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="skipsFailed">Whether the event that it failed on is left out for good. Defaults to false: it is tried again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CarillonException">The application has none of this name.</exception>
    ValueTask ResumeAsync(string name, bool skipsFailed = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// Builds a projection anew from the first event, as a new generation beside the one that is read, which goes on meanwhile; when it has come as far, it takes its place in one
    /// transaction. Returns then.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Gives up: the generation that is read stays.</param>
    /// <returns>The generation that is read now.</returns>
    /// <exception cref="CarillonException">
    /// The application has none of this name; or somebody is building it already; or an event failed. The generation that is read stays, and goes on.
    /// </exception>
    /// <remarks>This process does the work. If it dies, what it has built is removed by the next rebuild.</remarks>
    ValueTask<int> RebuildAsync(string name, IProgress<RebuildProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Waits until a projection has taken everything up to a position: for whoever has appended and wants to see it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="position">The position, from <see cref="AppendResult.Position"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CarillonException">The application has none of this name, or it has failed or is paused.</exception>
    ValueTask WaitAsync(string name, long position, CancellationToken cancellationToken = default);
}
