using System.Transactions;
using Carillon.Testing;

namespace Carillon.Tests.Transactions;

public sealed class AmbientTests : UnitsOfWork
{
    [Fact] // A16, B3, B4
    public async Task What_is_dispatched_in_an_ambient_transaction_is_written_in_it_in_one_batch_and_its_phases_follow()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            Ran.ShouldBeEmpty();
            Store.Batches.ShouldBeEmpty();
            scope.Complete();
        }

        Ran.ShouldBe(["before 1", "before 2", "after 1", "after 2", "completion 1", "completion 2"]);
        Store.Batches.ShouldBe([2]);
        (await CountDeliveriesAsync()).ShouldBe(2);
    }

    [Fact] // conformance 200, 220
    public async Task A_rollback_leaves_no_delivery()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
        }

        Ran.ShouldBe(["rollback 1", "completion 1"]);
        (await CountDeliveriesAsync()).ShouldBe(0);
    }

    [Fact] // conformance 212
    public async Task One_that_throws_before_the_commit_aborts_the_transaction_and_is_told_as_the_reason()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon)
            .Listen<Placed>(_ => throw new InvalidOperationException("no"), In(Delivery.BeforeCommit))
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        scope.Complete();

        Should.Throw<TransactionAbortedException>(scope.Dispose).InnerException!.Message.ShouldBe("no");

        Ran.ShouldBe(["before 1", "rollback 1", "completion 1"]);
        (await CountDeliveriesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_connection_of_the_application_that_is_named_is_written_on_so_that_there_is_one()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var connection = Database.Open();
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            connection.EnlistTransaction(Transaction.Current);
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            Units(application).Enlist(connection);
            scope.Complete();
        }

        (await CountDeliveriesAsync()).ShouldBe(1);
        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
    }

    [Fact]
    public async Task A_connection_that_is_not_named_makes_two_which_is_told_with_what_to_do()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        Database.Open().EnlistTransaction(Transaction.Current);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        scope.Complete();

        Should.Throw<TransactionAbortedException>(scope.Dispose).InnerException!.Message.ShouldBe("two phases");

        (await CountDeliveriesAsync()).ShouldBe(0);
        application.Log.Entries.Single(entry => entry.Id == 136).Message.ShouldContain("IUnitOfWorkFactory.Enlist");
    }

    [Fact]
    public async Task A_connection_cannot_be_named_to_a_store_that_takes_no_part()
    {
        Store.IsAmbient = false;
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        Should.Throw<CarillonException>(() => Units(application).Enlist(Database.Open())).Message.ShouldContain("the test database can take no part");
    }

    [Fact] // conformance 201
    public async Task A_nested_scope_is_a_part_of_the_whole()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            using (var inner = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                await application.Events.DispatchAsync(new Placed(1), Cancellation);
                inner.Complete();
            }

            Ran.ShouldBeEmpty();
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            scope.Complete();
        }

        Ran.ShouldBe(["after 1", "after 2"]);
    }

    [Fact] // conformance 215
    public async Task What_is_dispatched_where_the_transaction_is_suppressed_does_not_belong_to_it()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after").Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            {
                await application.Events.DispatchAsync(new Placed(1), Cancellation);
            }

            Ran.ShouldBe(["after 1"]);
        }

        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_of_its_own_inside_another_has_its_own_outcome()
    {
        await using var application = await StartAsync(carillon => Note(Note(carillon, Delivery.AfterCommit, "after"), Delivery.AfterRollback, "rollback"));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            using var inner = new TransactionScope(TransactionScopeOption.RequiresNew, TransactionScopeAsyncFlowOption.Enabled);
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            inner.Complete();
        }

        Ran.ShouldBe(["after 2", "rollback 1"]);
    }

    [Fact]
    public async Task A_store_that_can_take_no_part_refuses_with_what_to_do()
    {
        Store.IsAmbient = false;
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new Placed(1), Cancellation));

        foreach (var part in new[] { "'order.placed'", "'ship'", "test database", "IUnitOfWorkFactory.BeginAsync", "OutsideTransaction" })
        {
            error.Message.ShouldContain(part);
        }
    }

    [Fact] // B5: memory waits for the commit as a database does
    public async Task A_store_in_memory_is_given_the_deliveries_after_the_commit()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => Deliveries).UseSimulatedTime(Time).RunDeliveriesByHand().Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            (await CountDeliveriesAsync()).ShouldBe(0);
            scope.Complete();
        }

        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact] // conformance 222
    public async Task A_dispatch_that_asks_to_be_outside_is_stored_whatever_becomes_of_the_transaction()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after").Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { OutsideTransaction = true }, Cancellation);
        }

        Ran.ShouldBe(["after 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_of_work_of_the_scope_comes_before_the_ambient_transaction()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await using var work = await BeginAsync(application);
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await work.CommitAsync(Cancellation);
        }

        Ran.ShouldBe(["after 1"]);
    }

    [Fact]
    public async Task What_one_after_the_commit_dispatches_belongs_to_no_transaction_any_more()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(
                async (e, context, ct) =>
                {
                    await Task.Yield();
                    await context.Dispatcher.DispatchAsync(new Counted(e.Number), ct);
                },
                In(Delivery.AfterCommit))
            .Listen<Counted>(_ => { }, In(Delivery.Durable, "count")));
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            scope.Complete();
        }

        (await CountDeliveriesAsync()).ShouldBe(1);
    }
}
