using System.Transactions;

namespace Carillon.EntityFrameworkCore.Tests.Transactions;

public sealed class AmbientTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_dispatched_and_saved_inside_a_TransactionScope_belongs_to_it(bool completes)
    {
        await _place.StartAsync(carillon => carillon
            .Listen<NoteTaken>(e => _place.Told.Enqueue("after " + e.Text), options => options.Delivery = Delivery.AfterCommit)
            .Listen<OrderWasPaid>(e => _place.Told.Enqueue("inline " + e.Sku)));
        var order = new Order();
        order.Pay();
        using (var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            _place.Shop.Add(order);
            await _place.Events.DispatchAsync(new NoteTaken("all"), Cancel);
            await _place.Shop.SaveChangesAsync(Cancel);
            _place.Told.ShouldBe(["inline lamp"]);
            if (completes)
            {
                ambient.Complete();
            }
        }

        (await _place.Orders()).ShouldBe(completes ? 1 : 0);
        _place.Told.ShouldBe(completes ? ["inline lamp", "after all"] : ["inline lamp"]);
        order.Raised().ShouldBe(completes ? 0 : 1);
    }

    [Fact]
    public async Task What_was_dispatched_for_changes_before_cannot_move_into_it()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => _place.Shop.SaveChangesAsync(Cancel))).Message.ShouldContain("before you dispatch");
        }

        await _place.Shop.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(1);
    }
}
