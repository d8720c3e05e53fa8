using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Contexts;

public sealed class SeveralTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_dispatch_belongs_to_the_context_that_has_changes()
    {
        await _place.StartAsync();
        _ = _place.Shop;
        _place.Ledger.Add(new Ledger.Booking());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        await _place.Shop.SaveChangesAsync(Cancel);

        (await _place.Deliveries()).ShouldBe(0);
        await _place.Ledger.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task An_open_transaction_goes_before_changes()
    {
        await _place.StartAsync();
        await using (await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            _place.Ledger.Add(new Ledger.Booking());
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            await _place.Ledger.SaveChangesAsync(Cancel);
        }

        (await _place.CountAsync("\"Bookings\"")).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(0);
    }

    [Fact]
    public async Task If_both_have_changes_the_dispatch_is_refused_and_both_are_named()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());
        _place.Ledger.Add(new Ledger.Booking());

        var exception = await Should.ThrowAsync<CarillonException>(async () => await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel));

        exception.Message.ShouldContain(typeof(Shop).FullName!);
        exception.Message.ShouldContain(typeof(Ledger).FullName!);
        exception.Message.ShouldContain("BeginTransactionAsync");
    }

    [Fact]
    public async Task If_both_have_transactions_the_dispatch_is_refused()
    {
        await _place.StartAsync();
        await using var one = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await using var other = await _place.Ledger.Database.BeginTransactionAsync(Cancel);

        var exception = await Should.ThrowAsync<CarillonException>(async () => await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel));

        exception.Message.ShouldContain("open transaction");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Contexts_that_share_a_transaction_are_one(bool commits)
    {
        await _place.StartAsync();
        _place.Ledger.Database.SetDbConnection(_place.Shop.Database.GetDbConnection());
        await using (var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            _place.Ledger.Add(new Ledger.Booking());
            await _place.Events.DispatchAsync(new OrderPlaced("for the shop"), Cancel);
            await _place.Ledger.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancel);
            await _place.Ledger.SaveChangesAsync(Cancel);
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("for both"), Cancel);
            if (commits)
            {
                await transaction.CommitAsync(Cancel);
            }
        }

        (await _place.CountAsync("\"Bookings\"")).ShouldBe(commits ? 1 : 0);
        await _place.DrainAsync();
        _place.Told.ShouldBe(commits ? ["receipt for the shop", "receipt for both"] : []);
    }

    [Fact]
    public async Task What_waited_for_the_changes_of_the_one_goes_with_the_shared_transaction_of_the_other()
    {
        await _place.StartAsync();
        _place.Ledger.Database.SetDbConnection(_place.Shop.Database.GetDbConnection());
        _place.Ledger.Add(new Ledger.Booking());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Ledger.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancel);
        await _place.Ledger.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(0);

        await transaction.CommitAsync(Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task A_context_of_another_database_refuses_to_commit_deliveries()
    {
        await _place.StartAsync();
        _place.Ledger.Database.SetConnectionString(_place.ConnectionString.Replace("Database=postgres", "Database=template1", StringComparison.Ordinal));
        await using var transaction = await _place.Ledger.Database.BeginTransactionAsync(Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        (await Should.ThrowAsync<CarillonException>(() => transaction.CommitAsync(Cancel))).Message.ShouldContain("template1");

        (await _place.Deliveries()).ShouldBe(0);
    }
}
