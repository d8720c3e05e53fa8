using Carillon.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>What is wrong with what events say of caches.</summary>
internal static class CacheRules
{
    internal static void Check(IReadOnlyCollection<CacheInvalidation> invalidations, IServiceProvider services, List<string> problems)
    {
        foreach (var invalidation in invalidations)
        {
            if (invalidation.Fault is { } fault || invalidation.Tag is null)
            {
                problems.Add($"The event '{invalidation.EventType}' says that it makes the cache entries '{invalidation.Template}' stale, but {invalidation.Fault ?? "nothing makes a tag of it"}.");
            }
        }

        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(ICacheInvalidator)) == false)
        {
            problems.Add(
                $"The event '{invalidations.First().EventType}' makes cache entries stale, but there is no cache. Choose one in AddCarillon: UseHybridCache(), UseOutputCache() of Carillon.AspNetCore, "
                + "or UseCache<TCache>() for one of your own.");
        }
    }
}
