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

    [Theory] // The server prepares no transactions: whatever commits here was on one connection.
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(true, ";Application Name=shop")]
    [InlineData(false, ";Application Name=shop")]
    public async Task Durable_deliveries_are_written_on_the_connection_of_the_context_whatever_its_string(bool completes, string more)
    {
        await _place.StartAsync(contexts: services => Add(services, more));
        using (var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
            if (completes)
            {
                ambient.Complete();
            }
        }

        (await _place.Orders()).ShouldBe(completes ? 1 : 0);
        (await _place.Deliveries()).ShouldBe(completes ? 1 : 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_context_that_is_gone_by_the_commit_has_left_its_connection_in_the_scope(bool completes)
    {
        await _place.StartAsync(contexts: services => Add(services, ";Application Name=shop"));
        using (var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await using (var scope = _place.NewScope())
            {
                var shop = scope.ServiceProvider.GetRequiredService<Shop>();
                shop.Add(new Order());
                await shop.SaveChangesAsync(Cancel);
                await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("lamp"), Cancel);
            }

            if (completes)
            {
                ambient.Complete();
            }
        }

        (await _place.Orders()).ShouldBe(completes ? 1 : 0);
        (await _place.Deliveries()).ShouldBe(completes ? 1 : 0);
    }

    [Fact]
    public async Task A_connection_that_was_opened_before_the_scope_is_written_on_as_well_and_while_it_is_open()
    {
        await _place.StartAsync(contexts: services => Add(services, ";Application Name=shop"));
        await _place.Shop.Database.OpenConnectionAsync(Cancel);
        using (var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            ambient.Complete();
        }

        (await _place.Orders()).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task A_context_that_only_reads_is_one_of_its_connections_too()
    {
        await _place.StartAsync(contexts: services => Add(services, ";Application Name=shop"));
        using (var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await _place.Shop.Database.OpenConnectionAsync(Cancel);
            (await _place.Shop.Set<Order>().CountAsync(Cancel)).ShouldBe(0);
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            ambient.Complete();
        }

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task A_context_that_takes_no_part_in_scopes_is_not_made_to()
    {
        await _place.StartAsync(contexts: services => Add(services, ";Enlist=false"));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            _place.Shop.Add(new Order());
            await _place.Shop.SaveChangesAsync(Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        }

        (await _place.Orders()).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(0);
    }

    [Fact]
    public async Task What_domain_events_leave_for_durable_listeners_belongs_to_the_scope()
    {
        await _place.StartAsync(contexts: services => Add(services, ";Application Name=shop"));
        var order = new Order();
        using (var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            order.Place();
            _place.Shop.Add(order);
            await _place.Shop.SaveChangesAsync(Cancel);
            (await OutsideAsync(_place.Deliveries)).ShouldBe(0);
            ambient.Complete();
        }

        (await _place.Deliveries()).ShouldBe(1);
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

    private void Add(IServiceCollection services, string more) => services
        .AddDbContext<Shop>(options => options.UseNpgsql(_place.ConnectionString + more))
        .AddDbContext<Ledger>(options => options.UseNpgsql(_place.ConnectionString + more));

    private static async Task<T> OutsideAsync<T>(Func<Task<T>> read)
    {
        using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await read();
    }
}
