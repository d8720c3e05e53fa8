using System.Collections.Concurrent;
using Carillon.Deliveries;
using Carillon.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Transactions;

/// <summary>B10, conformance 412: the work of a listener, what it dispatches and its completion are one transaction of the database.</summary>
public sealed class TransactionalListenerTests : IDisposable
{
    private readonly OrderDatabase _database = new();
    private readonly SimulatedTime _time = new();
    private readonly Shipment _shipment = new();
    private readonly ConcurrentQueue<int> _announced = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Work_and_completion_are_committed_together()
    {
        await using var application = await StartByHandAsync();
        _shipment.During = _ =>
        {
            _database.Count("orders").ShouldBe(0);
            _database.Count("deliveries").ShouldBe(1);
            return Task.CompletedTask;
        };
        await application.Events.DispatchAsync(new OrderShipped(1), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(2);

        _database.Count("orders").ShouldBe(1);
        _database.Count("deliveries").ShouldBe(0);
        _announced.ShouldBe([1]);
    }

    [Fact]
    public async Task What_fails_leaves_nothing_and_is_done_once_when_it_comes_again()
    {
        var failures = 2;
        await using var application = await StartByHandAsync();
        _shipment.During = _ => failures-- > 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await application.Events.DispatchAsync(new OrderShipped(1), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _database.Count("orders").ShouldBe(0);
        _database.Count("deliveries").ShouldBe(1);
        await application.Services.DrainDeliveriesAsync(_time.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);

        _database.Count("orders").ShouldBe(1);
        _announced.ShouldBe([1]);
    }

    [Fact]
    public async Task Whose_lease_was_taken_over_meanwhile_is_rolled_back()
    {
        await using var application = await StartByHandAsync();
        var store = application.Services.GetRequiredService<IDeliveryStore>();
        await application.Events.DispatchAsync(new OrderShipped(1), Cancellation);
        var leased = (await LeaseAsync(store, "suspended", _time.GetUtcNow())).ShouldHaveSingleItem();
        var taken = (await LeaseAsync(store, "other", _time.GetUtcNow().AddMinutes(5))).ShouldHaveSingleItem();

        await using (var connection = await store.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            OrderDatabase.Insert((SqliteConnection)connection, transaction, 1);
            (await store.SettleAsync(transaction, Completed(leased), Cancellation)).ShouldBeFalse();
            await transaction.RollbackAsync(Cancellation);
        }

        (await store.SettleAsync([Completed(taken)], Cancellation)).ShouldBeEmpty();
        _database.Count("orders").ShouldBe(0);
    }

    [Fact]
    public async Task Two_processes_do_each_piece_of_work_once()
    {
        const int Count = 100;
        await using var one = await StartAsync(_ => { });
        await using var other = await StartAsync(_ => { });
        for (var number = 0; number < Count; number++)
        {
            await (number % 2 == 0 ? one : other).Events.DispatchAsync(new OrderShipped(number), Cancellation);
        }

        await UntilAsync(() => _database.Count("deliveries") == 0);

        // A number that comes twice breaks the UNIQUE of the table, and would be a failed delivery.
        _database.Count("orders").ShouldBe(Count);
        _announced.Order().ShouldBe(Enumerable.Range(0, Count));
    }

    [Fact] // Its transaction has the one write lock: its own lease cannot be extended, and nobody else can take it
    public async Task One_that_takes_longer_than_its_lease_is_completed_and_not_taken_for_lost()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        var lease = TimeSpan.FromSeconds(30);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseSqlite(options => (options.ConnectionString, options.BusyTimeout) = (_database.ConnectionString, TimeSpan.FromMilliseconds(20)))
            .UseSimulatedTime(_time)
            .ConfigureWorker(worker => worker.LeaseDuration = lease)
            .Listen<OrderPlaced>(
                async (e, context, token) =>
                {
                    calls++;
                    OrderDatabase.Insert((SqliteConnection)context.Transaction!.Connection!, context.Transaction, e.Number);
                    begun.TrySetResult();
                    await finish.Task.WaitAsync(token);
                },
                options => (options.Delivery, options.Id, options.Transactional) = (Delivery.Durable, "long", true)));
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
        await begun.Task.WaitAsync(Cancellation);

        for (var failures = 1; failures <= 4; failures++)
        {
            _time.Advance(lease / 3);
            await UntilAsync(() => application.Log.Entries.Count(entry => entry.Id == 201 && entry.Message.Contains("extended leases")) == failures);
        }

        finish.SetResult();
        await UntilAsync(() => _database.Count("deliveries") == 0);
        (_database.Count("orders"), calls).ShouldBe((1, 1));
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 104);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(IDeliveryStore store, string owner, DateTimeOffset now) =>
        store.LeaseAsync(new LeaseRequest(new DeliveryLease(owner, now.AddMinutes(1)), now, 10), Cancellation);

    private Settlement Completed(LeasedDelivery delivery) => new() { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = _time.GetUtcNow() };

    private Task<Application> StartByHandAsync() => StartAsync(carillon => carillon.UseSimulatedTime(_time).RunDeliveriesByHand());

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) => Application.StartAsync(
        carillon => configure(carillon
            .AddListeners()
            .UseSqlite(_database.ConnectionString)
            .Listen<OrderAnnounced>(e => _announced.Enqueue(e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "announce"))),
        services => services.AddSingleton(_shipment));
}
