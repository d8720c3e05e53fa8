using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>The store and the units of work of one process write one after the other.</summary>
public sealed class TurnTests : IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Units_of_work_wait_in_line()
    {
        var store = await _file.OpenStoreAsync();
        var first = await Turn(store);

        var second = Turn(store);
        second.IsCompleted.ShouldBeFalse();
        first!.Dispose();
        first.Dispose();

        (await second).ShouldNotBeNull();
        Turn(store).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Units_of_work_one_behind_the_other_do_not_keep_the_store_from_writing()
    {
        var store = await _file.OpenStoreAsync();
        var turn = await Turn(store);
        var add = store.AddAsync([TestDeliveries.New()], Cancel);

        while (!add.IsCompleted)
        {
            var next = Turn(store);
            turn!.Dispose();
            turn = await next;
        }

        await add;
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_of_work_waits_while_the_store_writes()
    {
        using var begun = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = connection => connection.CreateFunction("pause", () =>
        {
            begun.Release();
            return goOn.Wait(TimeSpan.FromMinutes(1));
        }));
        _file.Execute("CREATE TRIGGER pause BEFORE INSERT ON carillon_deliveries BEGIN SELECT pause(); END");
        var add = store.AddAsync([TestDeliveries.New()], Cancel);
        await begun.WaitAsync(Cancel);

        var turn = Turn(store);
        turn.IsCompleted.ShouldBeFalse();
        goOn.Set();
        await add;

        (await turn).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_turn_that_is_not_ended_costs_time_and_nothing_else()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMilliseconds(20));
        await Turn(store);

        await Turn(store);
        await store.AddAsync([TestDeliveries.New()], Cancel);

        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_of_work_that_is_cancelled_in_the_line_leaves_it()
    {
        var store = await _file.OpenStoreAsync();
        var first = await Turn(store);
        using var cancellation = new CancellationTokenSource();
        var second = Turn(store, cancellation.Token);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);
        first!.Dispose();

        Turn(store).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory]
    [InlineData("committed")]
    [InlineData("rolled back")]
    [InlineData("left")]
    [InlineData("refused at the commit")]
    public async Task A_unit_of_work_has_the_turn_until_it_is(string end)
    {
        await using var services = Services();
        var store = services.GetRequiredService<IDeliveryStore>();
        await store.PrepareAsync(Cancel);
        _file.Execute("CREATE TABLE poll (id INTEGER PRIMARY KEY, topic INTEGER REFERENCES poll (id) DEFERRABLE INITIALLY DEFERRED)");
        await using var scope = services.CreateAsyncScope();
        var connection = _file.Connect();
        Execute(connection, "PRAGMA foreign_keys = 1");

        var unitOfWork = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel);
        var next = Turn(store);
        next.IsCompleted.ShouldBeFalse();
        switch (end)
        {
            case "committed":
                await unitOfWork.CommitAsync(Cancel);
                break;
            case "rolled back":
                await unitOfWork.RollbackAsync(Cancel);
                break;
            case "left":
                await unitOfWork.DisposeAsync();
                break;
            default:
                Execute(connection, "INSERT INTO poll (topic) VALUES (7)");
                await Should.ThrowAsync<SqliteException>(async () => await unitOfWork.CommitAsync(Cancel));
                break;
        }

        (await next).ShouldNotBeNull();
    }

    [Theory] // Whoever has joined it may never say so
    [InlineData("committed")]
    [InlineData("rolled back")]
    [InlineData("closed")]
    public async Task A_turn_that_was_taken_for_an_open_transaction_is_over_once_that_one_is(string end)
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMinutes(1));
        var connection = _file.Connect();
        var transaction = connection.BeginTransaction(deferred: true);
        var forgotten = await store.TakeTurnAsync(connection, Cancel);
        forgotten.ShouldNotBeNull();
        var next = Turn(store);
        next.IsCompleted.ShouldBeFalse();
        var add = store.AddAsync([TestDeliveries.New()], Cancel);
        switch (end)
        {
            case "committed":
                transaction.Commit();
                break;
            case "rolled back":
                transaction.Rollback();
                break;
            default:
                connection.Dispose();
                break;
        }

        (await next.WaitAsync(TimeSpan.FromSeconds(20), Cancel))!.Dispose();
        await add;
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task One_that_was_forgotten_and_given_to_the_next_is_not_ended_for_that_one()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMinutes(1));
        var connection = _file.Connect();
        var transaction = connection.BeginTransaction(deferred: true);
        var forgotten = await store.TakeTurnAsync(connection, Cancel);
        transaction.Commit();
        var next = Turn(store);
        next.IsCompletedSuccessfully.ShouldBeTrue();

        forgotten!.Dispose();

        var last = Turn(store);
        last.IsCompleted.ShouldBeFalse();
        (await next)!.Dispose();
        (await last).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_unit_of_work_that_has_waited_in_vain_holds_the_store_all_the_same()
    {
        await using var services = Services(options => options.BusyTimeout = TimeSpan.FromMilliseconds(20));
        var store = services.GetRequiredService<IDeliveryStore>();
        await store.PrepareAsync(Cancel);
        await Turn(store);
        await using var scope = services.CreateAsyncScope();

        await using var unitOfWork = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(_file.Connect(), Cancel);

        (await Should.ThrowAsync<CarillonException>(async () => await scope.ServiceProvider.GetRequiredService<IEventDispatcher>()
            .DispatchAsync(new OrderPlaced(1), new DeliveryOptions { OutsideTransaction = true }, Cancel))).Message.ShouldContain("has one writer at a time, and that is this unit of work");
    }

    [Fact]
    public async Task A_transaction_that_cannot_be_begun_ends_the_turn()
    {
        await using var services = Services();
        var store = services.GetRequiredService<IDeliveryStore>();
        await store.PrepareAsync(Cancel);
        await using var scope = services.CreateAsyncScope();
        var connection = _file.Connect();
        await using var other = await connection.BeginTransactionAsync(Cancel);

        await Should.ThrowAsync<InvalidOperationException>(
            async () => await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel));

        Turn(store).IsCompletedSuccessfully.ShouldBeTrue();
    }

    private Task<IDisposable?> Turn(IDeliveryStore store, CancellationToken? cancellationToken = null) =>
        store.TakeTurnAsync(_file.Connect(), cancellationToken ?? Cancel).AsTask();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private ServiceProvider Services(Action<SqliteOptions>? configure = null) =>
        new ServiceCollection()
            .AddCarillon(carillon => carillon
                .UseSqlite(options =>
                {
                    options.ConnectionString = _file.ConnectionString;
                    configure?.Invoke(options);
                })
                .Listen<OrderPlaced>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "ship")))
            .BuildServiceProvider();
}
