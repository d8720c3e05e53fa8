using Carillon.EventSourcing;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.EventSourcing;

/// <summary>A projection that takes its context from the services writes in the transaction in which it is noted how far it has come.</summary>
public abstract class ProjectionTests<TPlace> : IAsyncLifetime
    where TPlace : SalesPlace, new()
{
    private readonly TPlace _place = new();
    private readonly Mishaps _mishaps = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _place.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_context_is_on_the_transaction_of_the_batch(bool pooled)
    {
        await using var application = await StartAsync(pooled: pooled);

        await AppendAsync(application, "lamp", "chair", "lamp");
        await AppendAsync(application, "lamp");

        (await OrdersAsync(application, "lamp")).ShouldBe(3);
        (await OrdersAsync(application, "chair")).ShouldBe(1);
        _mishaps.Shared.ShouldNotBeEmpty();
        _mishaps.Shared.ShouldAllBe(isShared => isShared);
    }

    [Fact]
    public async Task What_it_has_saved_is_taken_back_with_the_batch_that_fails()
    {
        var isBroken = true;
        _mishaps.OnTaken = async (e, _, sales) =>
        {
            await sales.SaveChangesAsync(Cancel);
            if (e.Sku == "chair" && isBroken)
            {
                throw new InvalidOperationException("the disk burns");
            }
        };
        await using var application = await StartAsync(options => options.MaxAttempts = 1);

        await Should.ThrowAsync<CarillonException>(() => AppendAsync(application, "lamp", "lamp", "chair", "lamp"));

        // Those before the one that failed, once, though they were saved in the batch with it as well.
        (await OrdersAsync(application, "lamp")).ShouldBe(2);
        (await OrdersAsync(application, "chair")).ShouldBe(0);
        isBroken = false;
        await Projections(application).ResumeAsync("sales", cancellationToken: Cancel);
        await Projections(application).WaitAsync("sales", 4, Cancel);
        (await OrdersAsync(application, "lamp")).ShouldBe(3);
        (await OrdersAsync(application, "chair")).ShouldBe(1);
    }

    [Fact]
    public async Task What_it_has_saved_is_taken_back_if_the_lease_was_lost_meanwhile()
    {
        var isLost = false;
        _mishaps.OnSaved = async run =>
        {
            if (!isLost)
            {
                isLost = true;
                await using var steal = run.Transaction!.Connection!.CreateCommand();
                (steal.Transaction, steal.CommandText) = (run.Transaction, $"UPDATE {_place.Projections} SET token = token + 1");
                await steal.ExecuteNonQueryAsync(Cancel);
            }
        };
        await using var application = await StartAsync();

        await AppendAsync(application, "lamp");

        isLost.ShouldBeTrue();
        (await OrdersAsync(application, "lamp")).ShouldBe(1);
    }

    [Fact]
    public async Task A_rebuild_writes_another_generation_and_the_old_one_is_removed_by_the_context()
    {
        await using var application = await StartAsync(options => options.BatchSize = 2);
        await AppendAsync(application, "lamp", "chair", "lamp", "lamp", "lamp");

        (await Projections(application).RebuildAsync("sales", cancellationToken: Cancel)).ShouldBe(2);

        (await OrdersAsync(application, "lamp", generation: 2)).ShouldBe(4);
        (await OrdersAsync(application, "lamp", generation: 1)).ShouldBe(0);
    }

    [Fact]
    public async Task A_context_that_a_pool_lends_next_is_on_its_own_connection_again()
    {
        await using var application = await StartAsync(pooled: true);
        await AppendAsync(application, "lamp");

        await using var scope = application.Services.CreateAsyncScope();
        var sales = scope.ServiceProvider.GetRequiredService<Sales>();

        sales.Database.CurrentTransaction.ShouldBeNull();
        sales.Add(new Sales.Sale { Generation = 7, Sku = "by hand" });
        await sales.SaveChangesAsync(Cancel);
        (await OrdersAsync(application, "by hand", generation: 7)).ShouldBe(0);
    }

    private static IProjections Projections(Application application) => application.Services.GetRequiredService<IProjections>();

    private static async Task AppendAsync(Application application, params string[] skus)
    {
        await using var scope = application.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IEventStore>()
            .AppendAsync("orders", ExpectedVersion.Any, [.. skus.Select(sku => (object)new OrderPlaced(sku))], cancellationToken: Cancel);
        await Projections(application).WaitAsync("sales", result.Position, Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancel);
    }

    private static async Task<int> OrdersAsync(Application application, string sku, int generation = 1)
    {
        await using var scope = application.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Sales>().Rows.Where(sale => sale.Generation == generation && sale.Sku == sku).SumAsync(sale => sale.Orders, Cancel);
    }

    private async Task<Application> StartAsync(Action<ProjectionOptions>? options = null, bool pooled = false)
    {
        var application = await Application.StartAsync(
            carillon =>
            {
                _place.Use(carillon);
                SalesBySku.AddMethods(carillon)
                    .AddEvent<OrderPlaced>()
                    .UseEntityFrameworkCore<Sales>()
                    .UseEventStore(store => store.PollInterval = TimeSpan.FromMilliseconds(20))
                    .AddProjection<SalesBySku>("sales", options);
            },
            services => _ = pooled
                ? services.AddSingleton(_mishaps).AddDbContextPool<Sales>(_place.Use, poolSize: 1)
                : services.AddSingleton(_mishaps).AddDbContext<Sales>(_place.Use));
        await using var scope = application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Sales>().GetService<IRelationalDatabaseCreator>().CreateTablesAsync(Cancel);
        return application;
    }
}

public sealed class PostgresProjectionTests : ProjectionTests<PostgresSalesPlace>;

public sealed class SqliteProjectionTests : ProjectionTests<SqliteSalesPlace>;
