namespace Carillon.EventSourcing.Internal;

/// <summary>What readers of all events have in common.</summary>
internal static class CatchUp
{
    /// <summary>How far can be read now.</summary>
    /// <exception cref="PositionBeyondEndException">The store has never come to where the reader is.</exception>
    internal static async ValueTask<StoreEnd> FindEndAsync(IStreamStore streams, string who, long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var end = await streams.FindEndAsync(cancellationToken).ConfigureAwait(false);
        return position <= end.Last ? end : throw new PositionBeyondEndException(who, position, end.Last, streams.Description);
    }
}
