namespace Carillon.EntityFrameworkCore.Tests.Transactions;

public sealed class SaveTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task What_is_dispatched_while_there_are_unsaved_changes_is_stored_with_them()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());

        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        await _place.Events.DispatchAsync(new OrderPlaced("sofa"), Cancel);

        (await _place.Deliveries()).ShouldBe(0);
        (await _place.Shop.SaveChangesAsync(Cancel)).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(2);
        (await _place.ReadAsync<long>("SELECT count(DISTINCT tx) FROM (SELECT xmin::text AS tx FROM {schema}.\"Orders\" UNION ALL SELECT xmin::text FROM {schema}.deliveries) x")).ShouldBe(1);
        (await _place.ReadAsync<long>("SELECT count(DISTINCT cmin::text) FROM {schema}.deliveries")).ShouldBe(1);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt lamp", "receipt sofa"]);
    }

    [Fact]
    public async Task After_the_commit_the_listener_starts_at_once()
    {
        var ran = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _place.StartAsync(carillon => carillon.ConfigureWorker(options => options.PollInterval = TimeSpan.FromHours(1))
            .Listen<NoteTaken>(e => ran.TrySetResult(e.Text), ShopPlace.Durable("note")), worker: true);
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new NoteTaken("now"), Cancel);
        ran.Task.IsCompleted.ShouldBeFalse();

        await _place.Shop.SaveChangesAsync(Cancel);

        (await ran.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel)).ShouldBe("now");
    }

    [Fact]
    public async Task Without_changes_and_without_a_transaction_it_is_stored_at_once()
    {
        await _place.StartAsync();
        _place.Shop.Attach(new Order { Id = 7 });

        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_only_a_look_at_the_entities_shows_counts()
    {
        await _place.StartAsync();
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        order.Sku = "sofa";

        await _place.Events.DispatchAsync(new OrderPlaced("sofa"), Cancel);

        (await _place.Deliveries()).ShouldBe(0);
        await _place.Shop.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task A_dispatch_outside_the_transaction_is_stored_at_once_whatever_is_unsaved()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());

        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), new DeliveryOptions { OutsideTransaction = true }, Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task Required_units_of_work_are_those_of_contexts_too()
    {
        await _place.StartAsync(carillon => carillon.RequireUnitOfWork());
        await Should.ThrowAsync<CarillonException>(async () => await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel));
        _place.Shop.Add(new Order());

        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        await _place.Shop.SaveChangesAsync(Cancel);
        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task Changes_that_are_taken_back_before_the_save_leave_the_deliveries_to_be_stored()
    {
        await _place.StartAsync();
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
        _place.Shop.ChangeTracker.Clear();

        (await _place.Shop.SaveChangesAsync(Cancel)).ShouldBe(0);

        (await _place.Deliveries()).ShouldBe(1);
        _place.Warnings(134).ShouldBeEmpty();
    }

    [Fact]
    public async Task If_the_save_fails_nothing_is_stored_and_what_was_dispatched_waits_for_the_next_one()
    {
        await _place.StartAsync();
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.ExecuteAsync("UPDATE {schema}.\"Orders\" SET \"Version\" = 5");
        order.Sku = "sofa";
        await _place.Events.DispatchAsync(new OrderPlaced("sofa"), Cancel);

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => _place.Shop.SaveChangesAsync(Cancel));

        (await _place.Deliveries()).ShouldBe(0);
        await _place.Shop.Entry(order).ReloadAsync(Cancel);
        order.Sku = "sofa";
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt sofa"]);
    }

    [Fact]
    public async Task What_is_never_saved_is_dropped_and_the_log_says_so()
    {
        await _place.StartAsync();
        await using (var scope = _place.NewScope())
        {
            scope.ServiceProvider.GetRequiredService<Shop>().Add(new Order());
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("lamp"), Cancel);
        }

        (await _place.Deliveries()).ShouldBe(0);
        _place.Warnings(140).ShouldHaveSingleItem().ShouldContain("A Shop was left without SaveChanges or a commit: 1 deliveries");
    }

    [Fact]
    public async Task A_context_that_saves_nothing_for_anybody_warns_of_nothing()
    {
        await _place.StartAsync();
        await using (var scope = _place.NewScope())
        {
            scope.ServiceProvider.GetRequiredService<Shop>().Add(new Order());
            await scope.ServiceProvider.GetRequiredService<Shop>().SaveChangesAsync(Cancel);
        }

        _place.Application.Log.Entries.Where(entry => entry.Id is 133 or 134 or 140 or 105).ShouldBeEmpty();
    }

    [Fact]
    public async Task Saving_synchronously_does_the_same()
    {
        await _place.StartAsync(carillon => carillon.Listen<OrderWasPlaced>(async e =>
        {
            await Task.Yield();
            _place.Told.Enqueue("inline " + e.Sku);
        }));
        var order = new Order();
        order.Place();
        _place.Shop.Add(order);
        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

#pragma warning disable CA1849, xUnit1051 // What is tested.
        _place.Shop.SaveChanges();
#pragma warning restore CA1849, xUnit1051

        _place.Told.ShouldBe(["inline lamp"]);
        (await _place.Deliveries()).ShouldBe(2);
    }
}
