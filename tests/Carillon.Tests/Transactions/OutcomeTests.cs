using Carillon.Deliveries;
using Carillon.Testing;

namespace Carillon.Tests.Transactions;

public sealed class OutcomeTests : UnitsOfWork
{
    [Fact] // B3: one more round trip, however many events
    public async Task All_deliveries_are_written_in_one_batch_before_the_commit()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship"))
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "bill")));
        await using var work = await BeginAsync(application);
        for (var number = 0; number < 50; number++)
        {
            await application.Events.DispatchAsync(new Placed(number), Cancellation);
        }

        Store.Batches.ShouldBeEmpty();
        await work.CommitAsync(Cancellation);

        Store.Batches.ShouldBe([100]);
    }

    [Fact] // the outcome is unknown: the connection was lost after the database had committed
    public async Task A_commit_that_throws_although_it_happened_leaves_its_deliveries_and_tells_nobody_of_a_commit()
    {
        // No worker: whether it would have been handed the delivery, or have found it by itself, is a matter of who is first.
        await using var application = await Application.StartAsync(carillon => AllPhases(carillon.UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand())
            .Listen<Counted>(e => Ran.Add($"durable {e.Number}"), In(Delivery.Durable, "count")));
        (Database.CommitFault, Database.CommitsAllTheSame) = (new TimeoutException("lost"), true);
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await application.Events.DispatchAsync(new Counted(1), Cancellation);
            (await Should.ThrowAsync<TimeoutException>(async () => await work.CommitAsync(Cancellation))).Message.ShouldBe("lost");
        }

        Ran.ShouldBe(["before 1", "completion 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task The_delivery_of_an_unknown_outcome_runs_in_the_end()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Counted>(e => Ran.Add($"durable {e.Number}"), In(Delivery.Durable, "count")));
        (Database.CommitFault, Database.CommitsAllTheSame) = (new TimeoutException("lost"), true);
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Counted(1), Cancellation);
            await Should.ThrowAsync<TimeoutException>(async () => await work.CommitAsync(Cancellation));
        }

        Time.Advance(TimeSpan.FromHours(1));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        Ran.ShouldBe(["durable 1"]);
    }

    [Fact] // the driver still can roll back, so it has not committed
    public async Task A_commit_that_the_database_refuses_is_a_rollback()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        Database.CommitFault = new InvalidOperationException("constraint");
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            (await Should.ThrowAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation))).Message.ShouldBe("constraint");
        }

        Ran.ShouldBe(["before 1", "rollback 1", "completion 1"]);
        (await CountDeliveriesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Deliveries_that_cannot_be_written_roll_back_the_whole()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        Store.RefusesToWrite = true;
        var connection = Database.Open();
        await using (var work = await Units(application).BeginAsync(connection, Cancellation))
        {
            connection.Insert("order 1");
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await Should.ThrowAsync<DeliveryStoreException>(async () => await work.CommitAsync(Cancellation));
        }

        Database.Rows.ShouldBeEmpty();
        Ran.ShouldBe(["before 1", "rollback 1", "completion 1"]);
    }

    [Fact]
    public async Task Receipts_come_with_the_commit_and_not_with_a_rollback()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var receipts = new List<DeliveryReceipt>();
        var options = new DeliveryOptions { Receipts = receipts };
        await using (await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), options, Cancellation);
        }

        receipts.ShouldBeEmpty();
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(2), options, Cancellation);
            receipts.ShouldBeEmpty();
            await work.CommitAsync(Cancellation);
        }

        receipts.ShouldHaveSingleItem().ListenerId.ShouldBe("ship");
        receipts[0].Id.ShouldBeGreaterThan(0);
    }

    [Fact] // a store that takes no part in transactions is given them after the commit; what it loses is told of, and the commit stands
    public async Task A_store_beside_the_transaction_that_fails_after_the_commit_is_a_loss_in_the_log()
    {
        await using var application = await Application.StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after")
            .UseStore(_ => new BrokenStore(Deliveries)).UseSimulatedTime(Time).RunDeliveriesByHand()
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1"]);
        application.Log.Entries.ShouldContain(entry => entry.Id == 135 && entry.Exception is DeliveryStoreException);
    }

    private sealed class BrokenStore(IDeliveryStore store) : StoreAround(store)
    {
        public override ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) => throw new DeliveryStoreException("full");
    }
}
