namespace Carillon.EntityFrameworkCore.Tests.Entities;

public sealed class EntityLoaderTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact] // B14
    public async Task A_reference_loads_its_entity_from_the_context_that_has_it_whatever_the_type_of_its_key()
    {
        await _place.StartAsync();
        var order = new Order();
        var line = new OrderLine();
        order.Lines.Add(line);
        var booking = new Ledger.Booking();
        _place.Shop.Add(order);
        _place.Ledger.Add(booking);
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.Ledger.SaveChangesAsync(Cancel);
        await using var scope = _place.NewScope();

        (await new EntityRef<Order>(order.Id).LoadAsync(scope.ServiceProvider, Cancel)).Sku.ShouldBe("lamp");
        (await new EntityRef<OrderLine>(line.Id).LoadAsync(scope.ServiceProvider, Cancel)).OrderId.ShouldBe(order.Id);
        (await new EntityRef<Ledger.Booking>(booking.Id).LoadAsync(scope.ServiceProvider, Cancel)).Id.ShouldBe(booking.Id);
        (await new EntityRef<Order>(4711).FindAsync(scope.ServiceProvider, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task An_entity_that_no_context_has_is_named()
    {
        await _place.StartAsync();

        (await Should.ThrowAsync<InvalidOperationException>(async () => await new EntityRef<NoteTaken>(1).LoadAsync(_place.Scope, Cancel)))
            .Message.ShouldContain("no context that UseEntityFrameworkCore was called for has it in its model (Shop, Ledger)");
    }
}
