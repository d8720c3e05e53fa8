using Carillon.EventSourcing;

namespace Carillon;

/// <summary>What an event store is asked for again and again.</summary>
public static class EventStoreExtensions
{
    /// <summary>What a stream comes to: its snapshot, if it has one of this shape, and every event behind it; or a beginning and every event.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="stream">The name of the stream; one that is not there is the beginning, at version 0.</param>
    /// <param name="beginning">What a stream without events is.</param>
    /// <param name="apply">What becomes of it by an event. Events that it does not know it gives back what it was given.</param>
    /// <param name="shape">The name of the shape of snapshots; null for the name of the type.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The state, with the version to be expected by the append that follows from it.</returns>
    /// <exception cref="Carillon.Envelopes.EventSerializationException">An event of the stream cannot be read.</exception>
    public static async ValueTask<StreamState<TState>> FoldAsync<TState>(
        this IEventStore store, string stream, TState beginning, Func<TState, object, TState> apply, string? shape = null, CancellationToken cancellationToken = default)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(beginning);
        ArgumentNullException.ThrowIfNull(apply);
        var snapshot = await store.FindSnapshotAsync<TState>(stream, shape, cancellationToken).ConfigureAwait(false);
        var (state, taken) = snapshot is null ? (beginning, 0) : (snapshot.State, snapshot.Version);
        var version = await store.FindVersionAsync(stream, cancellationToken).ConfigureAwait(false);
        if (version < taken)
        {
            // The snapshot is of another history: of a stream that was in a database that has been restored since.
            (state, taken) = (beginning, 0);
        }

        var at = taken;
        if (version > taken)
        {
            await foreach (var recorded in store.ReadAsync(stream, taken + 1, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                (state, at) = (apply(state, recorded.Event), recorded.Version);
            }
        }

        return new StreamState<TState>(state, at, taken);
    }
}
