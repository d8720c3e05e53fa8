namespace Carillon.Hosting;

/// <summary>How Carillon fares in this process: what the health checks of <c>Carillon.AspNetCore</c> ask, and any other probe can.</summary>
/// <remarks>A service of every application that has called <c>AddCarillon</c>.</remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface ICarillonHealth
{
    /// <summary>
    /// What of this process has come to an end though it should run as long as the process does; empty while it is alive. A new process is the mend. A database or a
    /// broker that is away is not among it: a new process would not bring it back.
    /// </summary>
    IReadOnlyList<string> FindDead();

    /// <summary>
    /// What keeps this process from doing its work just now, in words for whoever operates it; empty when it is ready. It asks the delivery store and the transport,
    /// if there are any, and takes as long as they take to answer.
    /// </summary>
    /// <param name="cancellationToken">Gives up asking.</param>
    ValueTask<IReadOnlyList<string>> FindObstaclesAsync(CancellationToken cancellationToken = default);
}
