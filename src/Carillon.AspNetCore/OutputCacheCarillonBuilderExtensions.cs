using Carillon.AspNetCore.Internal;

namespace Carillon;

/// <summary>The output cache of ASP.NET Core.</summary>
public static class OutputCacheCarillonBuilderExtensions
{
    /// <summary>
    /// The responses in the output cache are among the entries that events make stale. Wants <c>services.AddOutputCache()</c>; tag responses with
    /// <c>CacheTag.Of($"poll:{id}")</c>.
    /// </summary>
    /// <param name="carillon">The builder of the application.</param>
    public static CarillonBuilder UseOutputCache(this CarillonBuilder carillon) => carillon.UseCache<OutputCacheInvalidator>();
}
