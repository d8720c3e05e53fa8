using System.Runtime.CompilerServices;
using Carillon.Caching;
using Carillon.Caching.Internal;
using Carillon.Hosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

/// <summary>Caches that forget what events have made stale.</summary>
public static class CacheCarillonBuilderExtensions
{
    /// <summary>
    /// Has the caches forget the entries with a tag that is made of an event: after the commit of the transaction in which it was dispatched, at once without one, and never on a rollback.
    /// <code>carillon.InvalidateCache&lt;VoteCast&gt;(e => $"poll:{e.PollId}")</code>
    /// </summary>
    /// <typeparam name="TEvent">The event; those of derived types are among them.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="tag">The tag, as an interpolated string. Values are encoded, so that none of them can name another tag.</param>
    /// <param name="template">How it is written, for messages; the compiler says it.</param>
    public static CarillonBuilder InvalidateCache<TEvent>(this CarillonBuilder carillon, Func<TEvent, CacheTag> tag, [CallerArgumentExpression(nameof(tag))] string template = "")
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(tag);
        return carillon.AddCacheInvalidation(new CacheInvalidation(typeof(TEvent), template, @event => tag((TEvent)@event).ToString()) { WantsCache = true });
    }

    /// <summary>Adds that an event makes entries of caches stale. The same one twice is one. Generated code calls this, for events with <see cref="InvalidatesCacheAttribute"/>.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="invalidation">The event and the tag.</param>
    public static CarillonBuilder AddCacheInvalidation(this CarillonBuilder carillon, CacheInvalidation invalidation)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(invalidation);
        carillon.Setup.AddCacheInvalidation(invalidation);
        return carillon;
    }

    /// <summary>The entries of the application's <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/> are among those that events make stale.</summary>
    /// <param name="carillon">The builder of the application.</param>
    public static CarillonBuilder UseHybridCache(this CarillonBuilder carillon) => carillon.UseCache<HybridCacheInvalidator>();

    /// <summary>The entries of a cache of your own are among those that events make stale. There may be several caches; adding one twice is adding it once.</summary>
    /// <typeparam name="TCache">Reaches the cache; added to the services as a singleton.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    public static CarillonBuilder UseCache<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] TCache>(
        this CarillonBuilder carillon)
        where TCache : class, ICacheInvalidator
    {
        ArgumentNullException.ThrowIfNull(carillon);
        carillon.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ICacheInvalidator, TCache>());
        return carillon;
    }
}
