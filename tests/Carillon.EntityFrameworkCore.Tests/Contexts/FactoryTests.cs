namespace Carillon.EntityFrameworkCore.Tests.Contexts;

public sealed class FactoryTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_of_a_factory_takes_part_in_the_scope_that_it_joins_until_it_is_disposed(bool pooled)
    {
        await StartAsync(pooled);
        var factory = _place.Application.Services.GetRequiredService<IDbContextFactory<Shop>>();
        await using (var shop = (await factory.CreateDbContextAsync(Cancel)).JoinScope(_place.Scope))
        {
            var order = new Order();
            order.Place();
            shop.Add(order);
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            (await _place.Deliveries()).ShouldBe(0);
            await shop.SaveChangesAsync(Cancel);
            (await _place.Deliveries()).ShouldBe(2);
            shop.Add(new Order());
        }

        await _place.Events.DispatchAsync(new OrderPlaced("sofa"), Cancel);
        (await _place.Deliveries()).ShouldBe(3);
    }

    [Fact]
    public async Task A_context_that_has_joined_no_scope_saves_as_always_but_refuses_to_drop_domain_events()
    {
        await StartAsync(pooled: false);
        await using var shop = await _place.Application.Services.GetRequiredService<IDbContextFactory<Shop>>().CreateDbContextAsync(Cancel);
        var order = new Order();
        shop.Add(order);
        await shop.SaveChangesAsync(Cancel);
        order.Place();

        var exception = await Should.ThrowAsync<CarillonException>(() => shop.SaveChangesAsync(Cancel));

        exception.Message.ShouldContain("JoinScope");
        order.Raised().ShouldBe(1);
    }

    [Fact]
    public async Task A_context_cannot_be_in_two_scopes()
    {
        await StartAsync(pooled: false);
        await using var scope = _place.NewScope();
        _place.Shop.JoinScope(_place.Scope);

        Should.Throw<InvalidOperationException>(() => _place.Shop.JoinScope(scope.ServiceProvider)).Message.ShouldContain("another scope");
    }

    [Fact]
    public async Task A_context_that_was_not_prepared_cannot_join()
    {
        await StartAsync(pooled: false);
        await using var shop = new Shop(new DbContextOptionsBuilder<Shop>().UseNpgsql(_place.ConnectionString).Options);

        Should.Throw<CarillonException>(() => shop.JoinScope(_place.Scope)).Message.ShouldContain("UseEntityFrameworkCore<Shop>()");
    }

    [Fact]
    public async Task A_context_that_is_made_by_hand_can()
    {
        await StartAsync(pooled: false);
        var options = new DbContextOptionsBuilder<Shop>().UseNpgsql(_place.ConnectionString);
        options.UseCarillon();
        await using var shop = new Shop(options.Options).JoinScope(_place.Scope);
        shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        (await _place.Deliveries()).ShouldBe(0);

        await shop.SaveChangesAsync(Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public void A_context_that_is_not_registered_yet_is_refused_with_the_order_of_the_calls() =>
        Should.Throw<CarillonException>(() => new ServiceCollection().AddCarillon(carillon => carillon.UseEntityFrameworkCore<Shop>()))
            .Message.ShouldContain("before AddCarillon");

    [Fact]
    public void A_context_that_is_a_singleton_is_refused() =>
        Should.Throw<CarillonException>(() => new ServiceCollection()
            .AddDbContext<Shop>(ServiceLifetime.Singleton)
            .AddCarillon(carillon => carillon.UseEntityFrameworkCore<Shop>())).Message.ShouldContain("singleton");

    private Task StartAsync(bool pooled) => _place.StartAsync(contexts: services =>
    {
        _ = pooled
            ? services.AddPooledDbContextFactory<Shop>(options => options.UseNpgsql(_place.ConnectionString))
            : services.AddDbContextFactory<Shop>(options => options.UseNpgsql(_place.ConnectionString));
        services.AddDbContext<Ledger>(options => options.UseNpgsql(_place.ConnectionString));
    });
}
