using System.Transactions;
using Carillon.EventSourcing;
using Carillon.Listeners;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Transactions;

public sealed class PhaseTests : IDisposable
{
    private readonly OrderDatabase _database = new();
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact] // conformance 213, 218: whoever runs after the commit finds the lock free, and what it writes on the same connection commits by itself
    public async Task One_after_the_commit_writes_where_the_transaction_has_ended()
    {
        await using var connection = _database.Open();
        await using var application = await StartAsync(carillon => carillon
            .Listen<OrderPlaced>(e => Insert(connection, e.Number + 1), options => options.Delivery = Delivery.AfterCommit)
            .Listen<OrderPlaced>(
                _ =>
                {
                    using var other = _database.Open();
                    Insert(other, 7);
                },
                options => options.Delivery = Delivery.AfterCompletion));
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        OrderDatabase.Insert(connection, work.Transaction, 1);
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);

        await work.CommitAsync(Cancellation);

        _database.Count("orders").ShouldBe(3);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 17);
    }

    [Fact] // conformance 218: a command that still names the ended transaction is refused, not dropped
    public async Task One_after_the_commit_that_still_names_the_transaction_is_refused_by_the_driver()
    {
        await using var connection = _database.Open();
        UnitOfWork? open = null;
        await using var application = await StartAsync(carillon => carillon
            .Listen<OrderPlaced>(_ => OrderDatabase.Insert(connection, open!.Transaction, 2), options => options.Delivery = Delivery.AfterCommit));
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        open = work;
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);

        await work.CommitAsync(Cancellation);

        application.Log.Entries.ShouldContain(entry => entry.Id == 17 && entry.Exception is InvalidOperationException);
        _database.Count("orders").ShouldBe(0);
    }

    [Fact] // conformance 202
    public async Task A_savepoint_drops_rows_and_deliveries_together()
    {
        await using var application = await StartAsync(Durable);
        await using var connection = _database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        for (var number = 1; number <= 3; number++)
        {
            await using var line = await work.SavepointAsync(cancellationToken: Cancellation);
            OrderDatabase.Insert(connection, work.Transaction, number);
            await application.Events.DispatchAsync(new OrderPlaced(number), Cancellation);
            if (number != 2)
            {
                await line.ReleaseAsync(Cancellation);
            }
        }

        await work.CommitAsync(Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _database.Count("orders").ShouldBe(2);
        _ran.ShouldBe(["durable 1", "durable 3"]);
    }

    [Fact] // its driver knows no ambient transactions
    public async Task An_ambient_transaction_is_refused_with_what_to_do()
    {
        await using var application = await StartAsync(Durable);
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation));

        error.Message.ShouldContain("SQLite database");
        error.Message.ShouldContain("IUnitOfWorkFactory.BeginAsync");
    }

    [Fact]
    public async Task An_append_in_an_ambient_transaction_is_refused_with_what_to_do_and_leaves_nothing()
    {
        await using var application = await StartAsync(carillon => carillon.AddEvent<OrderPlaced>().UseEventStore());
        await using var inner = application.Services.CreateAsyncScope();
        var events = inner.ServiceProvider.GetRequiredService<IEventStore>();
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        var error = await Should.ThrowAsync<CarillonException>(async () => await AppendAsync(events));

        error.Message.ShouldContain("SQLite database");
        error.Message.ShouldContain("IUnitOfWorkFactory.BeginAsync");
        using var apart = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        (await AppendAsync(events)).Version.ShouldBe(1);
    }

    [Fact] // one writer: waiting would be for ever
    public async Task A_dispatch_outside_the_transaction_is_refused_while_a_unit_of_work_is_open()
    {
        await using var application = await StartAsync(Durable);
        await using var connection = _database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);

        var error = await Should.ThrowAsync<CarillonException>(
            async () => await application.Events.DispatchAsync(new OrderPlaced(1), new DeliveryOptions { OutsideTransaction = true }, Cancellation));

        error.Message.ShouldContain("one writer at a time");
    }

    [Fact] // conformance 219
    public async Task A_unique_delivery_that_was_rolled_back_keeps_nobody_away()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<OrderPlaced>(
            e => _ran.Add($"durable {e.Number}"),
            options => (options.Delivery, options.Id, options.Unique) = (Delivery.Durable, "ship", new ListenerUniqueness())));
        await using var connection = _database.Open();
        await using (await Units(application).BeginAsync(connection, Cancellation))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
        }

        var receipts = new List<DeliveryReceipt>();
        await application.Events.DispatchAsync(new OrderPlaced(1), new DeliveryOptions { Receipts = receipts }, Cancellation);
        await application.Events.DispatchAsync(new OrderPlaced(1), new DeliveryOptions { Receipts = receipts }, Cancellation);

        receipts.Select(receipt => receipt.IsDuplicate).ShouldBe([false, true]);
        receipts[1].Id.ShouldBe(receipts[0].Id);
    }

    private static IUnitOfWorkFactory Units(Application application) => application.Scope.GetRequiredService<IUnitOfWorkFactory>();

    private static void Insert(SqliteConnection connection, int number)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO orders (number) VALUES ($number)";
        command.Parameters.AddWithValue("$number", number);
        command.ExecuteNonQuery();
    }

    private void Durable(CarillonBuilder carillon) =>
        carillon.Listen<OrderPlaced>(e => _ran.Add($"durable {e.Number}"), options => (options.Delivery, options.Id) = (Delivery.Durable, "ship"));

    private static ValueTask<AppendResult> AppendAsync(IEventStore events) =>
        events.AppendAsync("order-1", ExpectedVersion.NoStream, [new OrderPlaced(1)], cancellationToken: Cancellation);

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseSqlite(_database.ConnectionString).RunDeliveriesByHand()));
}
