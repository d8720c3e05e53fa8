using Carillon.Caching;
using Microsoft.AspNetCore.OutputCaching;

namespace Carillon.AspNetCore.Internal;

/// <summary>The responses in the output cache.</summary>
internal sealed class OutputCacheInvalidator(IOutputCacheStore store) : ICacheInvalidator
{
    public ValueTask InvalidateAsync(string tag, CancellationToken cancellationToken) => store.EvictByTagAsync(tag, cancellationToken);
}
