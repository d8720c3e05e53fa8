using System.Globalization;
using Carillon.Caching;
using Carillon.Transactions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Tests;

/// <summary>The real output cache, in a real host, with transactions of a real database.</summary>
public sealed class OutputCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-");
    private int _made;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "shelves.db")};Pooling=False";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact] // D4
    public async Task What_an_event_makes_stale_is_made_anew_and_the_rest_comes_from_the_cache()
    {
        await using var site = await StartAsync();
        (await GetAsync(site, "7")).ShouldBe("7 made 1");
        (await GetAsync(site, "8")).ShouldBe("8 made 2");
        (await GetAsync(site, "7")).ShouldBe("7 made 1");

        await DispatchAsync(site, new ShelfFilled("7"));

        (await GetAsync(site, "7")).ShouldBe("7 made 3");
        (await GetAsync(site, "8")).ShouldBe("8 made 2");
    }

    [Fact] // D4
    public async Task In_a_transaction_it_comes_from_the_cache_until_that_is_committed()
    {
        await using var site = await StartAsync();
        (await GetAsync(site, "7")).ShouldBe("7 made 1");
        await using var scope = site.Services.CreateAsyncScope();
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);

        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new ShelfFilled("7"), Cancellation);
        (await GetAsync(site, "7")).ShouldBe("7 made 1");
        await work.CommitAsync(Cancellation);

        (await GetAsync(site, "7")).ShouldBe("7 made 2");
    }

    [Fact] // D4
    public async Task After_a_rollback_it_comes_from_the_cache()
    {
        await using var site = await StartAsync();
        (await GetAsync(site, "7")).ShouldBe("7 made 1");
        await using (var scope = site.Services.CreateAsyncScope())
        {
            await using var connection = new SqliteConnection(ConnectionString);
            await connection.OpenAsync(Cancellation);
            await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new ShelfFilled("7"), Cancellation);
            await work.RollbackAsync(Cancellation);
        }

        (await GetAsync(site, "7")).ShouldBe("7 made 1");
    }

    [Theory] // D4
    [InlineData("*")]
    [InlineData("7:lamps")]
    [InlineData("7%3Alamps")]
    public async Task A_value_names_its_own_tag_and_no_other(string hostile)
    {
        await using var site = await StartAsync();
        await GetAsync(site, "7");
        await GetAsync(site, "7", "/lamps");

        await DispatchAsync(site, new ShelfFilled(hostile));

        (await GetAsync(site, "7")).ShouldBe("7 made 1");
        (await GetAsync(site, "7", "/lamps")).ShouldBe("lamps 7 made 2");
    }

    [Fact] // D4
    public async Task A_site_without_the_cache_among_its_services_does_not_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(() => Site.StartAsync(carillon => carillon.AddListeners().UseOutputCache()));

        exception.Message.ShouldContain(nameof(IOutputCacheStore));
        exception.Message.ShouldContain("services.AddOutputCache()");
    }

    private static async Task<string> GetAsync(Site site, string shelf, string more = "") =>
        await site.Client.GetStringAsync(new Uri($"/shelves/{shelf}{more}", UriKind.Relative), Cancellation);

    private static async Task DispatchAsync(Site site, object @event)
    {
        await using var scope = site.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchObjectAsync(@event, Cancellation);
    }

    private Task<Site> StartAsync() => Site.StartAsync(
        carillon => carillon.AddListeners().UseSqlite(ConnectionString).UseOutputCache(),
        application =>
        {
            application.UseOutputCache();
            application.MapGet("/shelves/{shelf}", (string shelf, HttpContext context) => Make(context, shelf, CacheTag.Of($"shelf:{shelf}"))).CacheOutput();
            application.MapGet("/shelves/{shelf}/lamps", (string shelf, HttpContext context) => Make(context, $"lamps {shelf}", CacheTag.Of($"shelf:{shelf}:lamps"))).CacheOutput();
        },
        services => services.AddOutputCache().AddSingleton<RequestTrail>().AddSingleton(new List<string>()));

    private string Make(HttpContext context, string what, string tag)
    {
        context.Features.Get<IOutputCacheFeature>()!.Context.Tags.Add(tag);
        return string.Create(CultureInfo.InvariantCulture, $"{what} made {++_made}");
    }
}
