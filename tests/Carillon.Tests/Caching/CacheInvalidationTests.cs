using Carillon.Caching;
using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Carillon.Tests.Transactions;
using Carillon.Transactions;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Caching;

public sealed class CacheInvalidationTests : DeliveriesByHand
{
    private readonly RecordingHybridCache _cache = new();

    [Fact] // D4
    public async Task An_event_has_the_entries_with_its_tags_forgotten()
    {
        await using var application = await StartAsync(carillon => Both(carillon), WithCache);

        await application.Events.DispatchAsync(new ParcelMoved(7, "a:b"), Cancellation);

        _cache.Removed.ShouldBe(["parcel:7", "depot:a%3Ab:parcels"]);
    }

    [Fact] // D4
    public async Task The_entries_go_with_the_commit_and_not_before_it()
    {
        await using var application = await StartAsync(carillon => Both(carillon), WithCache);
        await using var connection = new TestDatabase().Open();
        await using var work = await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);

        await application.Events.DispatchAsync(new ParcelMoved(7, "x"), Cancellation);
        _cache.Removed.ShouldBeEmpty();
        await work.CommitAsync(Cancellation);

        _cache.Removed.ShouldBe(["parcel:7", "depot:x:parcels"]);
    }

    [Fact] // D4
    public async Task Nothing_goes_on_a_rollback()
    {
        await using var application = await StartAsync(carillon => Both(carillon), WithCache);
        await using var connection = new TestDatabase().Open();
        await using (await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation))
        {
            await application.Events.DispatchAsync(new ParcelMoved(7, "x"), Cancellation);
            await application.Events.DispatchAsync(new ParcelLost(7), Cancellation);
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _cache.Removed.ShouldBeEmpty();
    }

    [Fact] // D4
    public async Task A_durable_one_is_a_delivery_which_is_tried_again()
    {
        await using var application = await StartAsync(carillon => Both(carillon).ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero), WithCache);
        _cache.Failures = 1;

        await application.Events.DispatchAsync(new ParcelLost(7), Cancellation);
        _cache.Removed.ShouldBeEmpty();
        (await ListAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("carillon.cache:parcel.lost:parcel:{Number}");
        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(2);

        _cache.Removed.ShouldBe(["parcel:7"]);
    }

    [Fact] // D4
    public async Task A_cache_that_fails_leaves_the_dispatch_and_the_other_caches_alone()
    {
        await using var application = await StartAsync(
            carillon => carillon.UseCache<BrokenCache>().UseHybridCache().InvalidateCache<ParcelMoved>(e => $"parcel:{e.Number}"), WithCache);

        await application.Events.DispatchAsync(new ParcelMoved(7, "x"), Cancellation);

        _cache.Removed.ShouldBe(["parcel:7"]);
        application.Log.Entries.ShouldContain(entry => entry.Id == 17 && entry.Exception!.Message.Contains("The entries with the tag 'parcel:7' may still be in a cache."));
    }

    [Fact] // D4
    public async Task A_template_that_names_no_property_stops_the_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(
            carillon => carillon.UseHybridCache().AddCacheInvalidation(new CacheInvalidation(typeof(ParcelMoved), "parcel:{Id}", tag: null) { Fault = "it has no property 'Id'" }), WithCache));

        exception.Message.ShouldContain($"The event '{typeof(ParcelMoved)}' says that it makes the cache entries 'parcel:{{Id}}' stale, but it has no property 'Id'.");
    }

    [Fact] // D4
    public async Task Events_without_a_cache_stop_the_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon.InvalidateCache<ParcelMoved>(e => $"parcel:{e.Number}"), _ => { }));

        exception.Message.ShouldContain("makes cache entries stale, but there is no cache. Choose one in AddCarillon: UseHybridCache()");
    }

    [Fact] // D4
    public async Task An_event_of_many_applications_that_says_so_of_itself_may_be_in_one_without_a_cache()
    {
        await using var application = await StartAsync(
            carillon => carillon.AddCacheInvalidation(new CacheInvalidation(typeof(ParcelMoved), "parcels", _ => "parcels")), _ => { });

        await application.Events.DispatchAsync(new ParcelMoved(7, "x"), Cancellation);

        application.Log.Entries.ShouldContain(entry => entry.Id == 303 && entry.Message.Contains(nameof(ParcelMoved)));
    }

    [Fact] // D4
    public async Task A_cache_that_is_not_among_the_services_stops_the_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(
            carillon => carillon.UseHybridCache().InvalidateCache<ParcelMoved>(e => $"parcel:{e.Number}"), _ => { }));

        exception.Message.ShouldContain("A cache whose entries events make stale cannot be made: ");
        exception.Message.ShouldContain(nameof(HybridCache));
    }

    private static CarillonBuilder Both(CarillonBuilder carillon) => carillon
        .UseHybridCache()
        .InvalidateCache<ParcelMoved>(e => $"parcel:{e.Number}")
        .InvalidateCache<ParcelMoved>(e => $"depot:{e.Depot}:parcels")
        .AddCacheInvalidation(new CacheInvalidation(typeof(ParcelLost), "parcel:{Number}", e => CacheTag.Of($"parcel:{((ParcelLost)e).Number}")) { Durable = true })
        .AddEvent<ParcelLost>();

    private void WithCache(IServiceCollection services) => services.AddSingleton<HybridCache>(_cache);

    private Task<Application> StartAsync(Action<CarillonBuilder> configure, Action<IServiceCollection> services) => Application.StartAsync(
        carillon => configure(carillon.UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand()), services);

    private sealed class BrokenCache : ICacheInvalidator
    {
        public ValueTask InvalidateAsync(string tag, CancellationToken cancellationToken) => throw new InvalidOperationException("no cache");
    }
}
