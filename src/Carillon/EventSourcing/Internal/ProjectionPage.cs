namespace Carillon.EventSourcing.Internal;

/// <summary>Some of the events of a batch.</summary>
/// <param name="Events">What was read.</param>
/// <param name="Count">How many of them are taken.</param>
/// <param name="After">How far the projection has come before.</param>
/// <param name="Position">How far it has come when they were taken.</param>
internal readonly record struct ProjectionPage(IReadOnlyList<StoredEvent> Events, int Count, long After, long Position)
{
    /// <summary>Only the first of them.</summary>
    internal ProjectionPage First(int count) => count >= Count ? this : this with { Count = count, Position = Events[count - 1].Position };

    /// <summary>What comes behind a position, up to an end that is safe to be read.</summary>
    internal static async Task<ProjectionPage> ReadAsync(IStreamStore streams, long after, long end, int size, CancellationToken cancellationToken)
    {
        var events = await streams.ReadAllAsync(after, end, ReadDirection.Forwards, size, cancellationToken).ConfigureAwait(false);
        return new ProjectionPage(events, events.Count, after, events.Count < size ? end : events[^1].Position);
    }
}
