namespace Carillon.Tests.Transactions;

public sealed class PhaseTests : UnitsOfWork
{
    [Fact] // B4, conformance 213
    public async Task A_commit_calls_those_before_it_then_those_after_it_then_those_of_completion()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            Ran.ShouldBeEmpty();
            await work.CommitAsync(Cancellation);
        }

        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
    }

    [Theory] // conformance 200, 213
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rollback_said_or_by_disposing_calls_those_after_it_and_those_of_completion_only(bool said)
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            if (said)
            {
                await work.RollbackAsync(Cancellation);
            }
        }

        Ran.ShouldBe(["rollback 1", "completion 1"]);
    }

    [Fact] // conformance 198, 211, 214
    public async Task Without_a_unit_of_work_all_run_at_once_but_those_of_a_rollback_never_do()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));

        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
    }

    [Fact]
    public async Task Without_a_unit_of_work_one_before_the_commit_refuses_the_deliveries_too()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(_ => throw new InvalidOperationException("no"), In(Delivery.BeforeCommit))
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship", priority: 5))
            .Listen<Placed>(_ => Ran.Add("after"), In(Delivery.AfterCommit, priority: 5)));

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new Placed(1), Cancellation));

        (await CountDeliveriesAsync()).ShouldBe(0);
        Ran.ShouldBeEmpty();
    }

    [Fact] // conformance 207: first in, first out over all events, whatever the listener
    public async Task Each_phase_goes_by_the_order_of_the_dispatches()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon)
            .Listen<Counted>(e => Ran.Add($"after counted {e.Number}"), In(Delivery.AfterCommit)));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await application.Events.DispatchAsync(new Counted(2), Cancellation);
        await application.Events.DispatchAsync(new Placed(3), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["before 1", "before 3", "after 1", "after counted 2", "after 3", "completion 1", "completion 3"]);
    }

    [Fact] // conformance 212
    public async Task One_that_throws_before_the_commit_rolls_back_and_reaches_the_caller()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon)
            .Listen<Placed>(_ => throw new InvalidOperationException("no"), In(Delivery.BeforeCommit))
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var connection = Database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        connection.Insert("order 1");
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        (await Should.ThrowAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation))).Message.ShouldBe("no");

        Database.Rows.ShouldBeEmpty();
        (await CountDeliveriesAsync()).ShouldBe(0);
        Ran.ShouldBe(["before 1", "rollback 1", "completion 1"]);
    }

    [Fact]
    public async Task What_one_before_the_commit_writes_and_dispatches_is_part_of_it()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(
                async (e, context, ct) => await context.Dispatcher.DispatchAsync(new Counted(e.Number), ct),
                In(Delivery.BeforeCommit))
            .Listen<Counted>(e => Ran.Add($"before {e.Number}"), In(Delivery.BeforeCommit))
            .Listen<Counted>(_ => { }, In(Delivery.Durable, "count")));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["before 1"]);
        Store.Batches.ShouldBe([1]);
    }

    [Fact]
    public async Task A_circle_of_listeners_before_the_commit_ends_with_its_links_and_rolls_back()
    {
        await using var application = await StartAsync(carillon => carillon
#pragma warning disable CARILLON016 // The circle is what is tested.
            .Listen<Placed>(async (e, context, ct) => await context.Dispatcher.DispatchAsync(e, ct), In(Delivery.BeforeCommit)));
#pragma warning restore CARILLON016
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        (await Should.ThrowAsync<CarillonException>(async () => await work.CommitAsync(Cancellation))).Message.ShouldContain("order.placed -> order.placed");
        Database.Rollbacks.ShouldBe(1);
    }

    [Fact] // the event object itself is kept, not serialized
    public async Task The_event_is_the_one_that_was_dispatched()
    {
        object? seen = null;
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(e => seen = e, In(Delivery.AfterCommit)));
        await using var work = await BeginAsync(application);
        var placed = await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        seen.ShouldBeSameAs(placed);
    }

    [Fact]
    public async Task One_behind_a_stop_takes_no_part_and_one_before_it_does()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(_ => Ran.Add("before"), In(Delivery.AfterCommit, priority: 2))
            .Listen<Placed>(_ => { }, options => (options.Priority, options.StopPropagation) = (1, true))
            .Listen<Placed>(_ => Ran.Add("behind"), In(Delivery.AfterCommit)));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["before"]);
    }

    [Fact]
    public async Task A_dispatch_that_fails_leaves_none_behind()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon)
            .Listen<Placed>(_ => throw new InvalidOperationException("no"), options => options.Priority = -1));
        await using var work = await BeginAsync(application);
        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new Placed(1), Cancellation));

        await work.CommitAsync(Cancellation);

        Ran.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Delivery.BeforeCommit, "before-commit")]
    [InlineData(Delivery.AfterCommit, "after-commit")]
    [InlineData(Delivery.AfterRollback, "after-rollback")]
    [InlineData(Delivery.AfterCompletion, "after-completion")]
    public async Task One_of_a_phase_cannot_stop_the_others(Delivery delivery, string word)
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(async () => await StartAsync(carillon => carillon.Listen<Placed>(
            _ => { },
            options => (options.Delivery, options.StopPropagation, options.Id) = (delivery, true, "late"))));

        error.Message.ShouldContain("'late'");
        error.Message.ShouldContain(word);
    }

    [Fact]
    public async Task One_of_a_phase_that_stops_by_its_context_is_told_that_it_runs_by_itself()
    {
        Exception? refused = null;
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(
            (_, context, _) =>
            {
                refused = Record.Exception(context.StopPropagation);
                return ValueTask.CompletedTask;
            },
            In(Delivery.AfterCommit)));

        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        refused.ShouldBeOfType<InvalidOperationException>().Message.ShouldStartWith("An after-commit listener of 'order.placed'");
    }

    [Fact] // a unit of work is good for phases alone
    public async Task Phases_need_no_store()
    {
        await using var application = await Application.StartAsync(carillon => AllPhases(carillon));
        await using (var work = await BeginAsync(application))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await work.CommitAsync(Cancellation);
        }

        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
    }

    [Fact]
    public async Task An_event_that_waits_for_the_commit_has_its_phases_in_it()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));
        await using var work = await BeginAsync(application);
        work.Defer();
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
    }
}
