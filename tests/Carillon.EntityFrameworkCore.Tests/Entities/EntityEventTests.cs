using Carillon.EntityFrameworkCore.Entities;

namespace Carillon.EntityFrameworkCore.Tests.Entities;

public sealed class EntityEventTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact] // B16
    public async Task What_was_saved_and_deleted_is_told_after_the_commit_with_the_keys_that_the_database_chose()
    {
        await StartAsync();
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        _place.Told.ShouldBe([$"new {order.Id} of 1"]);
        order.Sku = "sofa";
        await _place.Shop.SaveChangesAsync(Cancel);
        _place.Shop.Remove(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.Shop.SaveChangesAsync(Cancel);

        _place.Told.ShouldBe([$"new {order.Id} of 1", $"changed {order.Id} of 1", $"deleted {order.Id} of 0"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_transaction_they_wait_for_its_commit(bool commits)
    {
        await StartAsync();
        var order = new Order();
        await using (var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            _place.Shop.Add(order);
            await _place.Shop.SaveChangesAsync(Cancel);
            await transaction.CreateSavepointAsync("s", Cancel);
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
            await transaction.RollbackToSavepointAsync("s", Cancel);
            _place.Told.ShouldBeEmpty();
            if (commits)
            {
                await transaction.CommitAsync(Cancel);
            }
        }

        _place.Told.ShouldBe(commits ? [$"new {order.Id} of 1"] : []);
    }

    [Fact]
    public async Task Durable_listeners_take_them_by_their_names()
    {
        await _place.StartAsync(carillon => carillon.AddEntityEvents<Order>().Listen<EntitySaved<Order>>(e => _place.Told.Enqueue("later " + e.Entity), ShopPlace.Durable("index")));
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        (await _place.ReadAsync<string>("SELECT event_name FROM {schema}.deliveries")).ShouldBe("order.saved");

        await _place.DrainAsync();

        _place.Told.ShouldBe([$"later Order {order.Id}"]);
    }

    [Fact]
    public async Task Entities_of_other_types_are_not_told_of()
    {
        await _place.StartAsync(carillon => carillon.AddEntityEvents<OrderLine>("line").Listen<NamedEvent>(e => _place.Told.Enqueue(e.Name)));
        _place.Shop.Add(new Order());

        await _place.Shop.SaveChangesAsync(Cancel);

        _place.Told.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_goes_past_the_change_tracker_is_not_seen_and_the_log_says_so()
    {
        await StartAsync();
        _place.Shop.Add(new Order());
        await _place.Shop.SaveChangesAsync(Cancel);
        _place.Told.Clear();

        await _place.Shop.Orders.Where(order => order.Sku == "lamp").ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Sku, "sofa"), Cancel);
        await _place.Shop.Lines.ExecuteDeleteAsync(Cancel);
        await _place.Shop.Orders.ExecuteDeleteAsync(Cancel);

        _place.Told.ShouldBeEmpty();
        _place.Warnings(141).Count().ShouldBe(2);
        _place.Warnings(141).ShouldAllBe(warning => warning.Contains("rows of Order past the change tracker"));
    }

    [Fact]
    public async Task Rows_that_the_database_deletes_with_others_are_warned_of_once()
    {
        await _place.StartAsync(carillon => carillon.AddEntityEvents<OrderLine>("line"));
        for (var turn = 0; turn < 2; turn++)
        {
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
        }

        _place.Warnings(142).ShouldHaveSingleItem().ShouldContain("rows of OrderLine with their Order (cascade): line.deleted");
    }

    [Fact]
    public async Task A_listener_that_fails_fails_no_save_and_keeps_nobody_from_being_told()
    {
        await _place.StartAsync(carillon => carillon.AddEntityEvents<Order>().Listen<EntitySaved<Order>>(e =>
        {
            _place.Told.Enqueue("told");
            throw new ArithmeticException("no");
        }));
        _place.Shop.AddRange(new Order(), new Order());

        await _place.Shop.SaveChangesAsync(Cancel);

        _place.Told.ShouldBe(["told", "told"]);
        _place.Warnings(17).ShouldHaveSingleItem();
    }

    private Task StartAsync() => _place.StartAsync(carillon => carillon.AddEntityEvents<Order>().AddListener<Teller, EntitySaved<Order>>().AddListener<Teller, EntityDeleted<Order>>()
        .Services.AddSingleton(_place.Told));

    /// <summary>Looks from a context of its own how many there are: only what is committed.</summary>
    public sealed class Teller(Shop shop, System.Collections.Concurrent.ConcurrentQueue<string> told) : IListener<EntitySaved<Order>>, IListener<EntityDeleted<Order>>
    {
        public async ValueTask HandleAsync(EntitySaved<Order> @event, CancellationToken cancellationToken) =>
            told.Enqueue($"{(@event.IsNew ? "new" : "changed")} {@event.Entity.Id} of {await shop.Orders.CountAsync(cancellationToken)}");

        public async ValueTask HandleAsync(EntityDeleted<Order> @event, CancellationToken cancellationToken) =>
            told.Enqueue($"deleted {@event.Entity.Id} of {await shop.Orders.CountAsync(cancellationToken)}");
    }
}
