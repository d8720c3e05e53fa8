namespace Carillon.EntityFrameworkCore.Tests.Transactions;

/// <summary>Listeners that wait for a phase of the transaction of a context.</summary>
public sealed class PhaseTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory] // 213
    [InlineData("save", "before,after,completion")]
    [InlineData("commit", "before,after,completion")]
    [InlineData("rollback", "undone,completion")]
    [InlineData("dispose", "undone,completion")]
    [InlineData("nothing", "undone,completion")]
    public async Task Each_phase_has_its_listeners(string end, string told)
    {
        await StartAsync();
        await using (var scope = _place.NewScope())
        {
            var shop = scope.ServiceProvider.GetRequiredService<Shop>();
            var transaction = end is "save" or "nothing" ? null : await shop.Database.BeginTransactionAsync(Cancel);
            shop.Add(new Order());
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new NoteTaken("x"), Cancel);
            _place.Told.ShouldBeEmpty();
            if (end != "nothing")
            {
                await shop.SaveChangesAsync(Cancel);
            }

            if (transaction is not null)
            {
                _place.Told.ShouldBeEmpty();
                await (end switch { "commit" => transaction.CommitAsync(Cancel), "rollback" => transaction.RollbackAsync(Cancel), _ => Task.CompletedTask });
                await transaction.DisposeAsync();
            }

            if (end != "nothing")
            {
                string.Join(',', _place.Told).ShouldBe(told);
            }
        }

        string.Join(',', _place.Told).ShouldBe(told);
    }

    [Fact]
    public async Task Without_changes_and_without_a_transaction_all_but_the_rollback_are_called_at_once()
    {
        await StartAsync();

        await _place.Events.DispatchAsync(new NoteTaken("x"), Cancel);

        _place.Told.ShouldBe(["before", "after", "completion"]);
    }

    [Theory] // 212
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_before_commit_listener_that_throws_prevents_the_commit_and_rolls_back(bool inTransaction)
    {
        await _place.StartAsync(carillon => carillon.Listen<NoteTaken>(static _ => throw new ArithmeticException("no"), options => options.Delivery = Delivery.BeforeCommit));
        await using var transaction = inTransaction ? await _place.Shop.Database.BeginTransactionAsync(Cancel) : null;
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new NoteTaken("x"), Cancel);

        await Should.ThrowAsync<ArithmeticException>(async () =>
        {
            await _place.Shop.SaveChangesAsync(Cancel);
            await transaction!.CommitAsync(Cancel);
        });

        (await _place.Orders()).ShouldBe(0);
        _place.Shop.Database.CurrentTransaction.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_before_commit_listener_changes_is_saved_and_what_it_dispatches_belongs_to_the_rest(bool inTransaction)
    {
        await _place.StartAsync(carillon => carillon.AddListener<Late, NoteTaken>(options => options.Delivery = Delivery.BeforeCommit));
        await using var transaction = inTransaction ? await _place.Shop.Database.BeginTransactionAsync(Cancel) : null;
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new NoteTaken("x"), Cancel);

        await _place.Shop.SaveChangesAsync(Cancel);
        if (transaction is not null)
        {
            (await _place.Orders()).ShouldBe(0);
            await transaction.CommitAsync(Cancel);
        }

        (await _place.Orders()).ShouldBe(2);
        await _place.DrainAsync();
        _place.Told.ShouldBe(["receipt late", "mail late"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_before_commit_listener_of_a_save_that_failed_is_called_again_by_the_next_one()
    {
        await _place.StartAsync(carillon => carillon.AddListener<Late, NoteTaken>(options => options.Delivery = Delivery.BeforeCommit));
        var order = new Order();
        _place.Shop.Add(order);
        await _place.Shop.SaveChangesAsync(Cancel);
        await _place.ExecuteAsync("UPDATE {schema}.\"Orders\" SET \"Version\" = 5");
        order.Sku = "sofa";
        await _place.Events.DispatchAsync(new NoteTaken("x"), Cancel);
        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => _place.Shop.SaveChangesAsync(Cancel));
        _place.Shop.ChangeTracker.Clear();
        _place.Shop.Add(new Order());

        await _place.Shop.SaveChangesAsync(Cancel);

        await _place.DrainAsync();
        _place.Told.Count(told => told == "receipt late").ShouldBe(1);
    }

    [Fact] // 209
    public async Task A_failing_after_commit_listener_is_logged_the_others_run_and_the_save_does_not_throw()
    {
        await _place.StartAsync(carillon => carillon
            .Listen<NoteTaken>(static _ => throw new ArithmeticException("no"), options => options.Delivery = Delivery.AfterCommit)
            .Listen<NoteTaken>(e => _place.Told.Enqueue("second"), options => options.Delivery = Delivery.AfterCommit)
            .Listen<ListenerFailed>(e => _place.Told.Enqueue("announced")));
        _place.Shop.Add(new Order());
        await _place.Events.DispatchAsync(new NoteTaken("x"), Cancel);

        await _place.Shop.SaveChangesAsync(Cancel);

        _place.Told.ShouldBe(["announced", "second"], ignoreOrder: true);
    }

    [Fact] // 207
    public async Task Within_a_phase_first_dispatched_is_first_called_savepoints_or_not()
    {
        await _place.StartAsync(carillon => carillon.Listen<NoteTaken>(e => _place.Told.Enqueue(e.Text), options => options.Delivery = Delivery.AfterCommit));
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);
        await _place.Events.DispatchAsync(new NoteTaken("1"), Cancel);
        await transaction.CreateSavepointAsync("s", Cancel);
        await _place.Events.DispatchAsync(new NoteTaken("2"), Cancel);
        await transaction.ReleaseSavepointAsync("s", Cancel);
        await _place.Events.DispatchAsync(new NoteTaken("3"), Cancel);

        await transaction.CommitAsync(Cancel);

        _place.Told.ShouldBe(["1", "2", "3"]);
    }

    [Fact] // B4
    public async Task An_inline_listener_that_is_slow_inside_the_transaction_is_named()
    {
        await _place.StartAsync(carillon => carillon.WarnOfSlowListeners(TimeSpan.FromTicks(1)).Listen<NoteTaken>(static async _ => await Task.Yield()));
        await _place.Events.DispatchAsync(new NoteTaken("outside"), Cancel);
        _place.Warnings(18).ShouldBeEmpty();
        await using var transaction = await _place.Shop.Database.BeginTransactionAsync(Cancel);

        await _place.Events.DispatchAsync(new NoteTaken("inside"), Cancel);

        _place.Warnings(18).ShouldHaveSingleItem();
    }

    private Task StartAsync() => _place.StartAsync(carillon => carillon
        .Listen<NoteTaken>(_ => _place.Told.Enqueue("before"), options => options.Delivery = Delivery.BeforeCommit)
        .Listen<NoteTaken>(_ => _place.Told.Enqueue("after"), options => options.Delivery = Delivery.AfterCommit)
        .Listen<NoteTaken>(_ => _place.Told.Enqueue("undone"), options => options.Delivery = Delivery.AfterRollback)
        .Listen<NoteTaken>(_ => _place.Told.Enqueue("completion"), options => options.Delivery = Delivery.AfterCompletion));

    /// <summary>Changes the context, raises on what it adds, and dispatches.</summary>
    public sealed class Late(Shop shop, IEventDispatcher events) : IListener<NoteTaken>
    {
        public async ValueTask HandleAsync(NoteTaken @event, CancellationToken cancellationToken)
        {
            var late = new Order { Sku = "late" };
            late.Place();
            shop.Add(late);
            await events.PublishAsync(new OrderPlaced("late"), cancellationToken);
        }
    }
}
