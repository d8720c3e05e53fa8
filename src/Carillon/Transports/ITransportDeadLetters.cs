namespace Carillon.Transports;

/// <summary>The events that durable subscriptions have given up. Those of temporary ones are dropped.</summary>
/// <threadsafety>Implementations must be safe for concurrent use. Two that replay the same dead letter at once replay it once.</threadsafety>
public interface ITransportDeadLetters
{
    /// <summary>Lists dead letters, the oldest first.</summary>
    /// <param name="key">The key of the subscription. One that does not exist has none.</param>
    /// <param name="take">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransportException">The transport cannot be reached.</exception>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(string key, int take, CancellationToken cancellationToken);

    /// <summary>Gives dead letters to their subscription again, and to no other, as if for the first time.</summary>
    /// <param name="key">The key of the subscription.</param>
    /// <param name="ids">Which; null for all that there are now.</param>
    /// <param name="cancellationToken">Gives up; what was replayed stays so.</param>
    /// <returns>How many. An id that is unknown, or gone by now, is none.</returns>
    /// <exception cref="TransportException">The transport cannot be reached.</exception>
    ValueTask<int> ReplayAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken);

    /// <summary>Removes dead letters.</summary>
    /// <param name="key">The key of the subscription.</param>
    /// <param name="ids">Which; null for all that there are now.</param>
    /// <param name="cancellationToken">Gives up; what was removed stays so.</param>
    /// <returns>How many. An id that is unknown, or gone by now, is none.</returns>
    /// <exception cref="TransportException">The transport cannot be reached.</exception>
    ValueTask<int> DiscardAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken);
}
