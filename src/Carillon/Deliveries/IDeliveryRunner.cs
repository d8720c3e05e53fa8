namespace Carillon.Deliveries;

/// <summary>Runs durable listeners when it is told to, in place of the worker: for tests, and for tools that work off a queue and end.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IDeliveryRunner
{
    /// <summary>Leases what is due now, runs it one by one and settles it. What these listeners dispatch is due too, but left for the next call.</summary>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Ends the attempt that is running, which then does not count.</param>
    /// <returns>How many attempts were made.</returns>
    /// <exception cref="InvalidOperationException">
    /// The worker of this process runs. The two would take deliveries from each other, and nobody could say when all are done: set <see cref="Hosting.WorkerOptions.Enabled"/> to false.
    /// </exception>
    ValueTask<int> RunDueAsync(int limit, CancellationToken cancellationToken = default);
}
