namespace Carillon.EntityFrameworkCore.Tests.Transactions;

public sealed class DomainEventTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact] // A16
    public async Task Saving_dispatches_what_aggregates_have_raised_and_what_listeners_change_is_saved_with_it()
    {
        await _place.StartAsync(carillon => carillon.AddListener<Stocktaker, OrderWasPlaced>());
        var order = new Order();
        order.Place();
        _place.Shop.Add(order);

        (await _place.Shop.SaveChangesAsync(Cancel)).ShouldBe(2);

        order.Raised().ShouldBe(0);
        (await _place.Orders()).ShouldBe(2);
        (await _place.Deliveries()).ShouldBe(1);
        (await _place.ReadAsync<long>("SELECT count(DISTINCT tx) FROM (SELECT xmin::text AS tx FROM {schema}.\"Orders\" UNION ALL SELECT xmin::text FROM {schema}.deliveries) x")).ShouldBe(1);
        await _place.Shop.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task An_aggregate_that_is_tracked_and_unchanged_is_asked_too()
    {
        await _place.StartAsync();
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        order.Place();

        await _place.Shop.SaveChangesAsync(Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task What_listeners_raise_meanwhile_is_dispatched_too()
    {
        Order? order = null;
        await _place.StartAsync(carillon => carillon
            .Listen<OrderWasPlaced>(_ => order!.Pay())
            .Listen<OrderWasPaid>(e => _place.Told.Enqueue("paid " + e.Sku)));
        order = new Order();
        order.Place();
        _place.Shop.Add(order);

        await _place.Shop.SaveChangesAsync(Cancel);

        _place.Told.ShouldBe(["paid lamp"]);
    }

    [Fact]
    public async Task A_circle_of_events_is_broken_with_the_event_named()
    {
        Order? order = null;
        await _place.StartAsync(carillon => carillon.Listen<OrderWasPaid>(_ => order!.Pay()));
        order = new Order();
        order.Pay();
        _place.Shop.Add(order);

        (await Should.ThrowAsync<CarillonException>(() => _place.Shop.SaveChangesAsync(Cancel))).Message.ShouldContain(nameof(OrderWasPaid));

        (await _place.Orders()).ShouldBe(0);
    }

    [Fact]
    public async Task A_listener_that_throws_prevents_the_save_and_the_events_are_given_back()
    {
        var refuses = true;
        await _place.StartAsync(carillon => carillon
            .Listen<OrderWasPlaced>((_, context, cancel) => context.Dispatcher.PublishAsync(new OrderPlaced("of the listener"), cancel))
            .Listen<OrderWasPlaced>(_ =>
            {
                if (refuses)
                {
                    throw new ArithmeticException("not today");
                }
            }));
        var order = new Order();
        order.Place();
        _place.Shop.Add(order);
        await _place.Events.DispatchAsync(new OrderPlaced("before"), Cancel);

        await Should.ThrowAsync<ArithmeticException>(() => _place.Shop.SaveChangesAsync(Cancel));

        (await _place.Orders()).ShouldBe(0);
        order.Raised().ShouldBe(1);
        refuses = false;
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt before", "receipt of the listener", "mail lamp"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_transaction_they_are_dispatched_by_the_save_and_given_back_if_it_is_not_committed(bool commits)
    {
        await _place.StartAsync(carillon => carillon.Listen<OrderWasPlaced>(e => _place.Told.Enqueue("inline " + e.Sku)));
        var order = new Order();
        order.Place();
        await using (var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel))
        {
            _place.Shop.Add(order);
            await _place.Shop.SaveChangesAsync(Cancel);
            _place.Told.ShouldBe(["inline lamp"]);
            if (commits)
            {
                await transaction.CommitAsync(Cancel);
            }
        }

        order.Raised().ShouldBe(commits ? 0 : 1);
        (await _place.Deliveries()).ShouldBe(commits ? 1 : 0);
    }

    [Fact]
    public async Task A_save_inside_a_save_is_refused_where_it_would_be_committed_before_the_rest()
    {
        await _place.StartAsync(carillon => carillon.AddListener<SavingListener, OrderWasPlaced>());
        var order = new Order();
        order.Place();
        _place.Shop.Add(order);

        (await Should.ThrowAsync<InvalidOperationException>(() => _place.Shop.SaveChangesAsync(Cancel))).Message.ShouldContain("Leave the call out");

        (await _place.Orders()).ShouldBe(0);
        order.Raised().ShouldBe(1);
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Shop.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        (await _place.Orders()).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task A_command_of_a_listener_that_would_be_committed_before_the_rest_is_refused()
    {
        await _place.StartAsync(carillon => carillon.AddListener<BulkListener, OrderWasPlaced>());
        var order = new Order();
        order.Place();
        _place.Shop.Add(order);

        (await Should.ThrowAsync<InvalidOperationException>(() => _place.Shop.SaveChangesAsync(Cancel))).Message.ShouldContain("ExecuteUpdate");

        (await _place.Orders()).ShouldBe(0);
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Shop.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        (await _place.Orders()).ShouldBe(1);
    }

    public sealed class Stocktaker(Shop shop) : IListener<OrderWasPlaced>
    {
        public ValueTask HandleAsync(OrderWasPlaced @event, CancellationToken cancellationToken)
        {
            shop.Add(new Order { Sku = "reserve" });
            return default;
        }
    }

    public sealed class SavingListener(Shop shop) : IListener<OrderWasPlaced>
    {
        public async ValueTask HandleAsync(OrderWasPlaced @event, CancellationToken cancellationToken) => await shop.SaveChangesAsync(cancellationToken);
    }

    public sealed class BulkListener(Shop shop) : IListener<OrderWasPlaced>
    {
        public async ValueTask HandleAsync(OrderWasPlaced @event, CancellationToken cancellationToken) =>
            await shop.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Sku, "sold"), cancellationToken);
    }
}
