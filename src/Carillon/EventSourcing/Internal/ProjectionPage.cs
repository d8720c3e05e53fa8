namespace Carillon.EventSourcing.Internal;

/// <summary>The events of one batch.</summary>
/// <param name="Events">What was read.</param>
/// <param name="Count">How many of them are taken.</param>
/// <param name="After">How far the projection has come before.</param>
/// <param name="Position">How far it has come when they were taken.</param>
internal readonly record struct ProjectionPage(IReadOnlyList<StoredEvent> Events, int Count, long After, long Position)
{
    /// <summary>Only the first of them.</summary>
    internal ProjectionPage First(int count) => count >= Count ? this : this with { Count = count, Position = Events[count - 1].Position };
}
