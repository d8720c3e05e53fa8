using Carillon.Caching;
using Carillon.Diagnostics.Internal;
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

        try
        {
            if (!services.GetServices<ICacheInvalidator>().Any())
            {
                SayNone(invalidations, services, problems);
            }
        }
        catch (InvalidOperationException exception)
        {
            problems.Add($"A cache whose entries events make stale cannot be made: {exception.Message} Add the cache to the services: services.AddHybridCache(), services.AddOutputCache().");
        }
    }

    private static void SayNone(IReadOnlyCollection<CacheInvalidation> invalidations, IServiceProvider services, List<string> problems)
    {
        if (invalidations.FirstOrDefault(static each => each.WantsCache) is { } wanted)
        {
            problems.Add(
                $"The event '{wanted.EventType}' makes cache entries stale, but there is no cache. Choose one in AddCarillon: UseHybridCache(), UseOutputCache() of Carillon.AspNetCore, "
                + "or UseCache<TCache>() for one of your own.");
        }
        else
        {
            Log.NoCache(Loggers.Of(services).Startup, invalidations.First().EventType);
        }
    }
}
