using Microsoft.Extensions.Caching.Hybrid;

namespace Carillon.Caching.Internal;

/// <summary>The entries of the application's HybridCache.</summary>
internal sealed class HybridCacheInvalidator(HybridCache cache) : ICacheInvalidator
{
    public ValueTask InvalidateAsync(string tag, CancellationToken cancellationToken) => cache.RemoveByTagAsync(tag, cancellationToken);
}
