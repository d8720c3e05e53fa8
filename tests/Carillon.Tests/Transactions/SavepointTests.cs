using Carillon.Listeners;

namespace Carillon.Tests.Transactions;

public sealed class SavepointTests : UnitsOfWork
{
    [Fact] // conformance 201
    public async Task What_is_released_waits_for_the_end_of_the_whole()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        await using var work = await BeginAsync(application);
        await using (var inner = await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await inner.ReleaseAsync(Cancellation);
        }

        Ran.ShouldBeEmpty();
        Store.Batches.ShouldBeEmpty();
        await work.CommitAsync(Cancellation);
        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Theory] // conformance 202
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_rolled_back_by_itself_is_dropped_and_the_rest_is_committed(bool said)
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var connection = Database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        connection.Insert("order 1");
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await using (var inner = await work.SavepointAsync("import", Cancellation))
        {
            inner.Name.ShouldBe("import");
            connection.Insert("order 2");
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            if (said)
            {
                await inner.RollbackAsync(Cancellation);
            }
        }

        await work.CommitAsync(Cancellation);

        Database.Rows.ShouldBe(["order 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
        // Nothing runs before the whole has ended; the event that was rolled back has had a rollback then.
        Ran.ShouldBe(["before 1", "after 1", "rollback 2", "completion 1", "completion 2"]);
    }

    [Fact] // conformance 203
    public async Task What_is_released_goes_with_the_rollback_of_the_whole()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));
        await using (var work = await BeginAsync(application))
        {
            await using var inner = await work.SavepointAsync(cancellationToken: Cancellation);
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await inner.ReleaseAsync(Cancellation);
        }

        Ran.ShouldBe(["rollback 1", "completion 1"]);
    }

    [Fact] // conformance 204
    public async Task Of_two_beside_each_other_each_has_its_own_fate()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        await using var work = await BeginAsync(application);
        await using (var first = await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await first.ReleaseAsync(Cancellation);
        }

        await using (await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
        }

        await application.Events.DispatchAsync(new Placed(3), Cancellation);
        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1", "after 3"]);
    }

    [Fact]
    public async Task One_in_another_goes_with_it()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        await using var work = await BeginAsync(application);
        await using (await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await using var inner = await work.SavepointAsync(cancellationToken: Cancellation);
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            await inner.ReleaseAsync(Cancellation);
        }

        await work.CommitAsync(Cancellation);

        Ran.ShouldBeEmpty();
    }

    [Fact] // conformance 207: outer and inner dispatches in one order
    public async Task The_order_is_that_of_the_dispatches_inside_and_outside_alike()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await using (var inner = await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            await inner.ReleaseAsync(Cancellation);
        }

        await application.Events.DispatchAsync(new Placed(3), Cancellation);
        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1", "after 2", "after 3"]);
    }

    [Fact] // conformance 219: the row is not written, so nobody is kept away
    public async Task A_unique_delivery_that_was_rolled_back_keeps_nobody_away()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(
            _ => { }, options => (options.Delivery, options.Id, options.Unique) = (Delivery.Durable, "ship", new ListenerUniqueness())));
        await using (await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
        }

        var receipts = new List<DeliveryReceipt>();
        await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { Receipts = receipts }, Cancellation);

        receipts.ShouldHaveSingleItem().IsDuplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task What_waits_and_what_is_tracked_is_dropped_with_the_savepoint_too()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(e => Ran.Add($"placed {e.Number}"))
            .Listen<Renamed>(e => Ran.Add($"renamed {e.Name}")));
        await using var work = await BeginAsync(application);
        work.Defer(typeof(Placed));
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        var kept = new Article();
        var dropped = new Article();
        kept.Rename("kept");
        dropped.Rename("dropped");
        work.Track(kept);
        await using (await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
            work.Track(dropped);
        }

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["renamed kept", "placed 1"]);
        ((IHasDomainEvents)dropped).DomainEvents.Take().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_is_refused_while_one_is_open_and_nothing_is_lost_by_it()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after"));
        await using var work = await BeginAsync(application);
        await using var inner = await work.SavepointAsync(cancellationToken: Cancellation);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        (await Should.ThrowAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation))).Message.ShouldContain("savepoint");
        await inner.ReleaseAsync(Cancellation);
        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1"]);
    }

    [Fact]
    public async Task One_ends_once()
    {
        await using var application = await StartAsync(_ => { });
        await using var work = await BeginAsync(application);
        await using var inner = await work.SavepointAsync("once", Cancellation);
        await inner.ReleaseAsync(Cancellation);

        (await Should.ThrowAsync<InvalidOperationException>(async () => await inner.RollbackAsync(Cancellation))).Message.ShouldContain("'once' has ended");
    }

    [Fact]
    public async Task A_database_without_savepoints_is_told_of_by_its_name()
    {
        Database.HasSavepoints = false;
        await using var application = await StartAsync(_ => { });
        await using var work = await BeginAsync(application);

        (await Should.ThrowAsync<NotSupportedException>(async () => await work.SavepointAsync(cancellationToken: Cancellation))).Message.ShouldContain("TestTransaction");
    }

    [Event("article.renamed")]
    private sealed record Renamed(string Name) : IDomainEvent
    {
        public DateTimeOffset OccurredAt => DateTimeOffset.UnixEpoch;
    }

    private sealed class Article : AggregateRoot
    {
        internal void Rename(string name) => Raise(new Renamed(name));
    }
}
