using System.Collections.Concurrent;
using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Transactions;

public sealed class UnitOfWorkTests : IDisposable
{
    private readonly OrderDatabase _database = new();
    private readonly ConcurrentQueue<int> _ran = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact] // B3
    public async Task What_is_dispatched_in_a_unit_of_work_is_stored_by_its_commit_and_not_before()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            OrderDatabase.Insert(connection, work.Transaction, 1);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            _database.Count("deliveries").ShouldBe(0);
            await work.CommitAsync(Cancellation);
        }

        _database.Count("orders").ShouldBe(1);
        _database.Count("deliveries").ShouldBe(1);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _ran.ShouldBe([1]);
    }

    [Theory] // B3, conformance 200
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rollback_said_or_by_disposing_leaves_neither_the_order_nor_the_delivery(bool said)
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            OrderDatabase.Insert(connection, work.Transaction, 1);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            if (said)
            {
                await work.RollbackAsync(Cancellation);
            }
        }

        _database.Count("orders").ShouldBe(0);
        _database.Count("deliveries").ShouldBe(0);
    }

    [Fact]
    public async Task A_unit_of_work_that_is_disposed_without_a_commit_says_which_deliveries_were_dropped()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using (await Units(application).BeginAsync(connection, Cancellation))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
        }

        application.Log.Entries.ShouldContain(entry => entry.Id == 105 && entry.Message.Contains("order.placed"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_forgotten_unit_of_work_ends_with_its_scope_and_lets_others_write(bool asynchronously)
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        var scope = application.Services.CreateAsyncScope();
        var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);
        OrderDatabase.Insert(connection, work.Transaction, 1);
        if (asynchronously)
        {
            await scope.DisposeAsync();
        }
        else
        {
            ((IServiceScope)scope).Dispose();
        }

        await application.Events.DispatchAsync(new OrderPlaced(2), Cancellation);

        _database.Count("orders").ShouldBe(0);
        _database.Count("deliveries").ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_that_the_database_refuses_leaves_nothing_and_starts_nothing()
    {
        await using var application = await StartAsync();
        await using var connection = _database.Open();
        OrderDatabase.Execute(connection, null, """
            PRAGMA foreign_keys = ON;
            CREATE TABLE line (number INTEGER NOT NULL REFERENCES orders (number) DEFERRABLE INITIALLY DEFERRED)
            """);
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            OrderDatabase.Execute(connection, (SqliteTransaction)work.Transaction, "INSERT INTO line VALUES (404)");
            await application.Events.DispatchAsync(new OrderPlaced(404), Cancellation);
            await Should.ThrowAsync<SqliteException>(async () => await work.CommitAsync(Cancellation));
        }

        _database.Count("deliveries").ShouldBe(0);
        await using (var next = await Units(application).BeginAsync(connection, Cancellation))
        {
            await application.Events.DispatchAsync(new OrderPlaced(2), Cancellation);
            await next.CommitAsync(Cancellation);
        }

        await UntilAsync(() => !_ran.IsEmpty);
        _ran.ShouldBe([2]);
    }

    [Fact]
    public async Task After_the_commit_the_listener_starts_at_once_in_this_process()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromHours(1)));
        await using var connection = _database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            await work.CommitAsync(Cancellation);
        }

        await UntilAsync(() => !_ran.IsEmpty);
        await application.StopAsync();
        _database.Count("deliveries").ShouldBe(0);
    }

    [Fact]
    public async Task Events_after_the_end_of_a_unit_of_work_are_stored_at_once()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            await work.RollbackAsync(Cancellation);
        }

        await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);

        _database.Count("deliveries").ShouldBe(1);
    }

    [Fact]
    public async Task A_second_unit_of_work_in_one_scope_is_refused_while_the_first_is_open()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);

        var error = await Should.ThrowAsync<InvalidOperationException>(async () => await Units(application).BeginAsync(connection, Cancellation));

        error.Message.ShouldContain("open unit of work already");
    }

    [Fact]
    public async Task A_unit_of_work_ends_once()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        await work.CommitAsync(Cancellation);

        (await Should.ThrowAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation))).Message.ShouldContain("has ended");
        (await Should.ThrowAsync<InvalidOperationException>(async () => await work.RollbackAsync(Cancellation))).Message.ShouldContain("has ended");
    }

    [Fact]
    public async Task A_connection_to_another_database_is_refused_with_both_named()
    {
        await using var application = await StartByHandAsync();
        using var other = new OrderDatabase();
        await using var connection = other.Open();

        var error = await Should.ThrowAsync<CarillonException>(async () => await Units(application).BeginAsync(connection, Cancellation));

        error.Message.ShouldContain(Path.GetFileName(Path.GetDirectoryName(new SqliteConnectionStringBuilder(other.ConnectionString).DataSource))!);
        error.Message.ShouldContain(Path.GetFileName(Path.GetDirectoryName(new SqliteConnectionStringBuilder(_database.ConnectionString).DataSource))!);
    }

    [Fact] // "or joined to the caller's transaction, who then reports the outcome through it"
    public async Task A_joined_transaction_carries_the_deliveries_and_its_report_starts_them()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromHours(1)));
        await using var connection = _database.Open();
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            using var work = Units(application).Join(transaction);
            OrderDatabase.Insert(connection, transaction, 1);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            await transaction.CommitAsync(Cancellation);
            await work.CommittedAsync(Cancellation);
        }

        await UntilAsync(() => !_ran.IsEmpty);
        _ran.ShouldBe([1]);
    }

    [Fact] // "what is not reported is found by the worker all the same"
    public async Task A_joined_transaction_without_a_report_is_found_by_the_next_poll()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromMilliseconds(20)));
        await using var connection = _database.Open();
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            using var work = Units(application).Join(transaction);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        await UntilAsync(() => !_ran.IsEmpty);
    }

    [Fact]
    public async Task A_joined_transaction_that_is_rolled_back_leaves_no_delivery()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            using var work = Units(application).Join(transaction);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            await transaction.RollbackAsync(Cancellation);
            await work.RolledBackAsync();
        }

        _database.Count("deliveries").ShouldBe(0);
    }

    [Fact]
    public async Task A_transaction_that_has_ended_cannot_be_joined()
    {
        await using var application = await StartByHandAsync();
        await using var connection = _database.Open();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);

        Should.Throw<InvalidOperationException>(() => Units(application).Join(transaction)).Message.ShouldContain("has ended");
    }

    [Theory] // B5: the in-memory queue waits for the commit as the real one does
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task The_in_memory_store_waits_for_the_commit_too(bool commit, int expected)
    {
        await using var application = await Application.StartAsync(carillon => Configure(carillon.UseInMemory().RunDeliveriesByHand()));
        await using var connection = _database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(0);
            if (commit)
            {
                await work.CommitAsync(Cancellation);
            }
        }

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(expected);
    }

    [Fact] // "Adding the outbox costs one round trip whatever the number of events": they are written together
    public async Task Many_events_of_one_unit_of_work_all_arrive()
    {
        await using var application = await StartAsync();
        await using var connection = _database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            for (var number = 0; number < 1000; number++)
            {
                await application.Events.DispatchAsync(new OrderPlaced(number), Cancellation);
            }

            await work.CommitAsync(Cancellation);
        }

        await UntilAsync(() => _ran.Count == 1000);
        _ran.Order().ShouldBe(Enumerable.Range(0, 1000));
        await application.StopAsync();
        _database.Count("deliveries").ShouldBe(0);
    }

    [Fact]
    public async Task A_listener_can_open_a_unit_of_work_of_its_own_and_dispatch_in_it()
    {
        var shipped = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseSqlite(_database.ConnectionString)
            .AddListener<ShipOrders, OrderPlaced>(options => (options.Delivery, options.Id) = (Delivery.Durable, "ship"))
            .Listen<OrderShipped>(e => shipped.SetResult(e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "mail")),
            services => services.AddSingleton(_database));

        await application.Events.DispatchAsync(new OrderPlaced(5), Cancellation);

        (await shipped.Task.WaitAsync(Cancellation)).ShouldBe(5);
        _database.Count("orders").ShouldBe(1);
    }

    private static IUnitOfWorkFactory Units(Application application) => application.Scope.GetRequiredService<IUnitOfWorkFactory>();

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<Application> StartAsync(Action<CarillonBuilder>? configure = null) =>
        Application.StartAsync(carillon =>
        {
            Configure(carillon.UseSqlite(_database.ConnectionString));
            configure?.Invoke(carillon);
        });

    private Task<Application> StartByHandAsync() => StartAsync(carillon => carillon.RunDeliveriesByHand());

    private void Configure(CarillonBuilder carillon) =>
        carillon.Listen<OrderPlaced>(e => _ran.Enqueue(e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "ship"));

    [Event("order.shipped")]
    private sealed record OrderShipped(int Number);

    private sealed class ShipOrders(OrderDatabase database, IUnitOfWorkFactory units, IEventDispatcher events) : IListener<OrderPlaced>
    {
        public async ValueTask HandleAsync(OrderPlaced @event, CancellationToken cancellationToken)
        {
            await using var connection = database.Open();
            await using var work = await units.BeginAsync(connection, cancellationToken);
            OrderDatabase.Insert(connection, work.Transaction, @event.Number);
            await events.DispatchAsync(new OrderShipped(@event.Number), cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
    }
}
