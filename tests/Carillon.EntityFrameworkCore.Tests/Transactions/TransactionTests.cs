namespace Carillon.EntityFrameworkCore.Tests.Transactions;

public sealed class TransactionTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory] // B3
    [InlineData("commit", true)]
    [InlineData("rollback", false)]
    [InlineData("dispose", false)]
    public async Task What_is_dispatched_in_a_transaction_is_stored_if_it_commits_and_only_then(string end, bool stored)
    {
        await _place.StartAsync();
        await using (var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            await _place.Events.DispatchAsync(new OrderPlaced("before"), Cancel);
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("after"), Cancel);
            (await _place.Deliveries()).ShouldBe(0);
            switch (end)
            {
                case "commit":
                    await transaction.CommitAsync(Cancel);
                    break;
                case "rollback":
                    await transaction.RollbackAsync(Cancel);
                    break;
            }
        }

        (await _place.Orders()).ShouldBe(stored ? 1 : 0);
        (await _place.Deliveries()).ShouldBe(stored ? 2 : 0);
        await _place.DrainAsync();
        _place.Told.ShouldBe(stored ? ["receipt before", "receipt after"] : []);
    }

    [Fact]
    public async Task After_the_transaction_a_dispatch_belongs_to_none()
    {
        await _place.StartAsync();
        await using (await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            await _place.Events.DispatchAsync(new OrderPlaced("dropped"), Cancel);
        }

        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt lamp"]);
    }

    [Fact]
    public async Task Committing_synchronously_does_the_same()
    {
        await _place.StartAsync();
#pragma warning disable CA1849, xUnit1051 // What is tested.
        using (var transaction = _place.Shop.Database.BeginTransaction())
        {
            _place.Shop.Add(new Order());
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            _place.Shop.SaveChanges();
            transaction.Commit();
        }

        using (_place.Shop.Database.BeginTransaction())
        {
            await _place.Events.DispatchAsync(new OrderPlaced("sofa"), Cancel);
        }
#pragma warning restore CA1849, xUnit1051

        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt lamp"]);
    }

    [Fact]
    public async Task What_was_dispatched_for_changes_before_the_transaction_began_goes_with_it()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Shop.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(0);

        await transaction.CommitAsync(Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task It_waits_on_if_the_transaction_is_rolled_back_before_its_changes_were_saved()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        await using (await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            await _place.Events.DispatchAsync(new OrderPlaced("inside"), Cancel);
        }

        await _place.Shop.SaveChangesAsync(Cancel);

        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt lamp"]);
    }

    [Fact]
    public async Task Deliveries_that_cannot_be_written_roll_the_transaction_back()
    {
        await _place.StartAsync();
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        _place.Shop.Add(new Order());
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        await _place.ExecuteAsync("ALTER TABLE {schema}.deliveries RENAME TO hidden");

        await Should.ThrowAsync<Carillon.Deliveries.DeliveryStoreException>(() => transaction.CommitAsync(Cancel));

        await _place.ExecuteAsync("ALTER TABLE {schema}.hidden RENAME TO deliveries");
        (await _place.Orders()).ShouldBe(0);
        (await _place.Deliveries()).ShouldBe(0);
    }
}
