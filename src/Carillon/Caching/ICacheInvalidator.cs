namespace Carillon.Caching;

/// <summary>A cache whose entries have tags: the port between events and caches.</summary>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface ICacheInvalidator
{
    /// <summary>Has the cache forget the entries that have this tag.</summary>
    /// <param name="tag">The tag, as it was given to the entries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask InvalidateAsync(string tag, CancellationToken cancellationToken);
}
