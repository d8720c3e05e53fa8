namespace Carillon.EntityFrameworkCore.Tests.Contexts;

public sealed class PoolTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_context_from_a_pool_belongs_to_the_scope_that_has_it_now()
    {
        await StartAsync();
        var contexts = new HashSet<Shop>(ReferenceEqualityComparer.Instance);
        for (var turn = 0; turn < 3; turn++)
        {
            await using var scope = _place.NewScope();
            var shop = scope.ServiceProvider.GetRequiredService<Shop>();
            contexts.Add(shop);
            var order = new Order();
            order.Place();
            shop.Add(order);
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("lamp"), Cancel);
            await shop.SaveChangesAsync(Cancel);
        }

        contexts.Count.ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(6);
        _place.Application.Log.Entries.Where(entry => entry.Id is 140).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_not_saved_when_it_goes_back_is_dropped_and_does_not_turn_up_in_the_next_scope()
    {
        await StartAsync();
        await using (var scope = _place.NewScope())
        {
            scope.ServiceProvider.GetRequiredService<Shop>().Add(new Order());
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("lamp"), Cancel);
        }

        _place.Warnings(140).ShouldHaveSingleItem();
        await using (var scope = _place.NewScope())
        {
            scope.ServiceProvider.GetRequiredService<Shop>().Add(new Order());
            await scope.ServiceProvider.GetRequiredService<Shop>().SaveChangesAsync(Cancel);
        }

        (await _place.Deliveries()).ShouldBe(0);
    }

    private Task StartAsync() => _place.StartAsync(contexts: services => services
        .AddDbContextPool<Shop>(options => options.UseNpgsql(_place.ConnectionString), poolSize: 1)
        .AddDbContextPool<Ledger>(options => options.UseNpgsql(_place.ConnectionString)));
}
