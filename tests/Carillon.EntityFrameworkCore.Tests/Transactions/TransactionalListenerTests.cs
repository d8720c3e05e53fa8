using Carillon.Listeners;

namespace Carillon.EntityFrameworkCore.Tests.Transactions;

/// <summary>Durable listeners that work in the transaction in which their delivery is completed.</summary>
public sealed class TransactionalListenerTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_context_works_in_the_transaction_that_completes_the_delivery(bool pooled)
    {
        await StartAsync(pooled);
        await _place.Events.DispatchAsync(new NoteTaken("fine"), Cancel);

        await _place.DrainAsync();

        (await _place.Orders()).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(0);
        // What its aggregate raised was stored in the same transaction, and has run since.
        _place.Told.ShouldBe(["in the transaction", "mail fine"]);
    }

    [Fact]
    public async Task If_it_throws_nothing_that_it_saved_stays()
    {
        await StartAsync();
        await _place.Events.DispatchAsync(new NoteTaken("throw"), Cancel);

        await _place.DrainAsync();

        (await _place.Orders()).ShouldBe(0);
        _place.Told.ShouldBe(["in the transaction"]);
    }

    [Fact]
    public async Task A_context_that_was_lent_by_a_pool_is_on_its_own_connection_again()
    {
        await StartAsync(pooled: true);
        await _place.Events.DispatchAsync(new NoteTaken("fine"), Cancel);
        await _place.DrainAsync();

        await using (var scope = _place.NewScope())
        {
            var shop = scope.ServiceProvider.GetRequiredService<Shop>();
            shop.Database.CurrentTransaction.ShouldBeNull();
            shop.Add(new Order());
            await shop.SaveChangesAsync(Cancel);
        }

        (await _place.Orders()).ShouldBe(2);
    }

    private Task StartAsync(bool pooled = false) => _place.StartAsync(
        carillon => carillon.ConfigureRetries(retries => retries.MaxAttempts = 1).AddListener<Clerk, NoteTaken>(options =>
        {
            (options.Delivery, options.Id, options.Transactional) = (Delivery.Durable, "clerk", true);
        }).Services.AddSingleton(_place.Told),
        services => _ = pooled
            ? services
                .AddDbContextPool<Shop>(options => options.UseNpgsql(_place.ConnectionString), poolSize: 1)
                .AddDbContext<Ledger>(options => options.UseNpgsql(_place.ConnectionString))
            : services
                .AddDbContext<Shop>(options => options.UseNpgsql(_place.ConnectionString))
                .AddDbContext<Ledger>(options => options.UseNpgsql(_place.ConnectionString)));

    public sealed class Clerk(Shop shop, System.Collections.Concurrent.ConcurrentQueue<string> told) : IListener<NoteTaken>
    {
        public async ValueTask HandleAsync(NoteTaken @event, CancellationToken cancellationToken)
        {
            var order = new Order { Sku = @event.Text };
            order.Place();
            shop.Add(order);
            await shop.SaveChangesAsync(cancellationToken);
            told.Enqueue(shop.Database.CurrentTransaction is null ? "alone" : "in the transaction");
            if (@event.Text == "throw")
            {
                throw new ArithmeticException("no");
            }
        }
    }
}
