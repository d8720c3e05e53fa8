using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Testing;

namespace Carillon.Tests.Transactions;

public sealed class FollowedTests : UnitsOfWork
{
    [Fact]
    public async Task What_is_dispatched_before_there_is_a_transaction_is_written_in_it_in_one_batch()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using var work = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await application.Events.DispatchAsync(new Placed(2), Cancellation);
        Ran.ShouldBeEmpty();
        await work.BeforeCommitAsync(Cancellation);
        Ran.ShouldBe(["before 1", "before 2"]);
        work.HasUnwritten.ShouldBeTrue();
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        await work.WriteAsync(transaction, Cancellation);
        work.HasUnwritten.ShouldBeFalse();
        await transaction.CommitAsync(Cancellation);

        await work.CommittedAsync();

        Ran.ShouldBe(["before 1", "before 2", "after 1", "after 2", "completion 1", "completion 2"]);
        Store.Batches.ShouldBe([2]);
        (await CountDeliveriesAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_forgotten_to_be_written_is_written_after_the_commit_with_an_error_in_the_log()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using var work = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommittedAsync();

        (await CountDeliveriesAsync()).ShouldBe(1);
        application.Log.Entries.ShouldContain(entry => entry.Id == 134);
    }

    [Fact] // the commit has happened: what belongs to it starts, and keeps no place in the worker
    public async Task What_was_forgotten_and_cannot_be_written_afterwards_keeps_nobody_else_from_running()
    {
        var shipped = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartWithWorkerAsync(carillon => Note(carillon, Delivery.AfterCommit, "after")
            .Listen<Placed>(e => shipped.TrySetResult(e.Number), In(Delivery.Durable, "ship")));
        var inHand = DurableEngine.Get<DeliveriesInHand>(application.Services);
        var lane = inHand.Find(Queues.Default)!;
        await Waiting.UntilAsync(() => Task.FromResult(inHand.Claims.AreOpen && lane.TryReserve()));
        lane.Free(1);
        List<DeliveryReceipt> written = [], forgotten = [];
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { Receipts = written }, Cancellation);
        await work.WriteAsync(transaction, Cancellation);
        await application.Events.DispatchAsync(new Placed(2), new DeliveryOptions { Receipts = forgotten }, Cancellation);
        await transaction.CommitAsync(Cancellation);
        Store.RefusesToWriteAlone = true;

        await Should.ThrowAsync<DeliveryStoreException>(async () => await work.CommittedAsync());

        (await shipped.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).ShouldBe(1);
        Ran.ShouldBe(["after 1", "after 2"]);
        written.ShouldHaveSingleItem();
        forgotten.ShouldBeEmpty();
        inHand.Claims.Close();
        inHand.Claims.None.IsCompleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_savepoint_that_is_rolled_back_drops_what_came_since(bool named)
    {
        var name = named ? "import" : null;
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after").Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await work.WriteAsync(transaction, Cancellation);
        await transaction.SaveAsync("import", Cancellation);
        work.SavepointCreated(name);
        await application.Events.DispatchAsync(new Placed(2), Cancellation);
        await work.WriteAsync(transaction, Cancellation);
        await application.Events.DispatchAsync(new Placed(3), Cancellation);
        await transaction.RollbackAsync("import", Cancellation);
        work.RolledBackToSavepoint(name);
        work.SavepointReleased(name);
        await application.Events.DispatchAsync(new Placed(4), Cancellation);
        await work.WriteAsync(transaction, Cancellation);
        await transaction.CommitAsync(Cancellation);

        await work.CommittedAsync();

        Ran.ShouldBe(["after 1", "after 4"]);
        (await CountDeliveriesAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_dispatched_before_a_savepoint_and_written_in_it_is_written_again_when_it_is_rolled_back()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(e => Ran.Add($"durable {e.Number}"), In(Delivery.Durable, "ship")));
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await transaction.SaveAsync("import", Cancellation);
        work.SavepointCreated("import");
        await application.Events.DispatchAsync(new Placed(2), Cancellation);
        await work.WriteAsync(transaction, Cancellation);
        await transaction.RollbackAsync("import", Cancellation);
        work.RolledBackToSavepoint("import");
        work.HasUnwritten.ShouldBeTrue();
        await work.WriteAsync(transaction, Cancellation);
        await transaction.CommitAsync(Cancellation);
        await work.CommittedAsync();

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        Ran.ShouldBe(["durable 1"]);
    }

    [Fact] // several contexts, each with a transaction of its own
    public async Task A_dispatch_belongs_to_the_one_that_was_opened_last_and_has_not_ended()
    {
        await using var application = await StartAsync(carillon => Note(Note(carillon, Delivery.AfterCommit, "after"), Delivery.AfterRollback, "rollback"));
        using var outer = Units(application).Follow();
        using var inner = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await inner.CommittedAsync();
        Ran.ShouldBe(["after 1"]);
        await application.Events.DispatchAsync(new Placed(2), Cancellation);

        await outer.RolledBackAsync();

        Ran.ShouldBe(["after 1", "rollback 2"]);
    }

    [Fact]
    public async Task Whichever_ends_first_the_other_goes_on()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        using var outer = Units(application).Follow();
        using var inner = Units(application).Follow();
        await outer.CommittedAsync();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        Ran.ShouldBeEmpty();

        await inner.CommittedAsync();

        Ran.ShouldBe(["after 1"]);
        await application.Events.DispatchAsync(new Placed(2), Cancellation);
        Ran.ShouldBe(["after 1", "after 2"]);
    }

    [Fact]
    public async Task A_commit_that_threw_calls_those_of_completion_only()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));
        using var work = Units(application).Follow();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.FailedAsync();

        Ran.ShouldBe(["completion 1"]);
    }

    [Fact]
    public async Task One_that_is_left_without_an_outcome_drops_what_was_not_written_and_warns()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        using (Units(application).Follow())
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
        }

        (await CountDeliveriesAsync()).ShouldBe(0);
        application.Log.Entries.ShouldContain(entry => entry.Id == 133);
        application.Log.Entries.ShouldContain(entry => entry.Id == 105);
    }

    [Fact]
    public async Task A_transaction_of_another_database_is_refused_when_something_is_to_be_written_in_it()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var elsewhere = await new TestDatabase("elsewhere").Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Follow();
        await work.WriteAsync(elsewhere, Cancellation);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        (await Should.ThrowAsync<CarillonException>(async () => await work.WriteAsync(elsewhere, Cancellation))).Message.ShouldContain("it is another database");
    }
}
