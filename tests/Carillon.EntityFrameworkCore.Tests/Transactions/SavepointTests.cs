namespace Carillon.EntityFrameworkCore.Tests.Transactions;

public sealed class SavepointTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task What_is_dispatched_in_a_savepoint_that_is_rolled_back_is_dropped_whichever_it_is()
    {
        await _place.StartAsync();
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("1"), Cancel);
        await transaction.CreateSavepointAsync("one", Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("2"), Cancel);
        await transaction.CreateSavepointAsync("two", Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("3"), Cancel);
        await transaction.RollbackToSavepointAsync("one", Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("4"), Cancel);

        await transaction.CommitAsync(Cancel);

        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt 1", "receipt 4"]);
    }

    [Fact]
    public async Task What_is_dispatched_in_a_savepoint_that_is_released_goes_with_the_whole()
    {
        await _place.StartAsync();
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await transaction.CreateSavepointAsync("outer", Cancel);
        await transaction.CreateSavepointAsync("inner", Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("1"), Cancel);
        await transaction.ReleaseSavepointAsync("inner", Cancel);
        (await _place.Deliveries()).ShouldBe(0);
        await transaction.ReleaseSavepointAsync("outer", Cancel);
        await transaction.CreateSavepointAsync("next", Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("2"), Cancel);
        await transaction.RollbackToSavepointAsync("next", Cancel);

        await transaction.CommitAsync(Cancel);

        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt 1"]);
    }

    [Fact]
    public async Task A_savepoint_that_is_released_is_dropped_if_the_whole_is_rolled_back()
    {
        await _place.StartAsync();
        await using (var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            await transaction.CreateSavepointAsync("one", Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("1"), Cancel);
            await transaction.ReleaseSavepointAsync("one", Cancel);
        }

        (await _place.Deliveries()).ShouldBe(0);
    }

    [Fact]
    public async Task Savepoints_of_synchronous_calls_count_too()
    {
        await _place.StartAsync();
#pragma warning disable CA1849, xUnit1051 // What is tested.
        using var transaction = _place.Shop.Database.BeginTransaction();
        transaction.CreateSavepoint("one");
        await _place.Events.DispatchAsync(new OrderPlaced("1"), Cancel);
        transaction.RollbackToSavepoint("one");
        await _place.Events.DispatchAsync(new OrderPlaced("2"), Cancel);
        transaction.ReleaseSavepoint("one");
        transaction.Commit();
#pragma warning restore CA1849, xUnit1051

        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt 2"]);
    }

    [Fact]
    public async Task A_save_that_fails_inside_a_transaction_drops_only_what_came_of_that_save()
    {
        await _place.StartAsync(carillon => carillon.Listen<OrderWasPlaced>((e, context, cancel) => context.Dispatcher.PublishAsync(new OrderPlaced("from the listener"), cancel)));
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.ExecuteAsync("UPDATE {schema}.\"Orders\" SET \"Version\" = 5");
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("kept"), Cancel);
        order.Sku = "sofa";
        order.Place();

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => _place.Shop.SaveChangesAsync(Cancel));

        order.Raised().ShouldBe(1);
        await _place.Shop.Entry(order).ReloadAsync(Cancel);
        await _place.Shop.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt kept", "mail sofa", "receipt from the listener"], ignoreOrder: true);
    }
}
