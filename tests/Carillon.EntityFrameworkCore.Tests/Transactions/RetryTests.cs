namespace Carillon.EntityFrameworkCore.Tests.Transactions;

/// <summary>Execution strategies that try again.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();
    private readonly FailingOnce _failing = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_save_that_is_tried_again_stores_what_was_dispatched_once()
    {
        await StartAsync();
        var order = new Order();
        order.Place();
        _place.Shop.Add(order);
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        await _place.Shop.SaveChangesAsync(Cancel);

        _failing.Commits.ShouldBe(2);
        (await _place.Orders()).ShouldBe(1);
        order.Raised().ShouldBe(0);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt lamp", "mail lamp"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_transaction_that_is_tried_again_as_a_whole_stores_what_its_last_attempt_has_dispatched()
    {
        await StartAsync();
        var order = new Order();
        order.Place();
        var attempts = 0;

        await _place.Shop.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            attempts++;
            await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
            _place.Shop.ChangeTracker.Clear();
            _place.Shop.Add(order);
            await _place.Shop.SaveChangesAsync(Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("attempt " + attempts), Cancel);
            await transaction.CommitAsync(Cancel);
        });

        attempts.ShouldBe(2);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["mail lamp", "receipt attempt 2"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_dispatched_before_the_transaction_is_not_lost_by_its_first_attempt()
    {
        await StartAsync();
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        await _place.Shop.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
            await _place.Shop.SaveChangesAsync(acceptAllChangesOnSuccess: false, Cancel);
            await transaction.CommitAsync(Cancel);
        });

        _place.Shop.ChangeTracker.AcceptAllChanges();
        (await _place.Orders()).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task Deliveries_that_have_nothing_to_be_saved_with_are_tried_again_too()
    {
        await StartAsync();
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        _place.Shop.ChangeTracker.Clear();

        await _place.Shop.SaveChangesAsync(Cancel);

        _failing.Commits.ShouldBe(2);
        (await _place.Deliveries()).ShouldBe(1);
    }

    private async Task StartAsync()
    {
        await _place.StartAsync(contexts: services => services
            .AddDbContext<Shop>(options => options.UseNpgsql(_place.ConnectionString, npgsql => npgsql.EnableRetryOnFailure(3, TimeSpan.Zero, null)).AddInterceptors(_failing))
            .AddDbContext<Ledger>(options => options.UseNpgsql(_place.ConnectionString)));
        _failing.Arm();
    }
}
