using Carillon.Dispatch;
using Carillon.Listeners;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Transactions;

public sealed class LaterPhaseTests : UnitsOfWork
{
    [Fact] // conformance 209
    public async Task One_that_throws_after_the_commit_changes_nothing_and_is_logged_and_announced()
    {
        var failed = new List<ListenerFailed>();
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(_ => throw new InvalidOperationException("no"), In(Delivery.AfterCommit, "mail", priority: 1))
            .Listen<ListenerFailed>(failed.Add)
            .Listen<Placed>(e => Ran.Add($"after {e.Number}"), In(Delivery.AfterCommit))
            .Listen<Placed>(e => Ran.Add($"completion {e.Number}"), In(Delivery.AfterCompletion)));
        var connection = Database.Open();
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        connection.Insert("order 1");
        var placed = new Placed(1);
        await application.Events.DispatchAsync(placed, Cancellation);

        await work.CommitAsync(Cancellation);

        Database.Rows.ShouldBe(["order 1"]);
        Ran.ShouldBe(["after 1", "completion 1"]);
        application.Log.Entries.ShouldContain(entry => entry.Id == 17 && entry.Message.Contains("after-commit listener mail") && entry.Message.Contains("order.placed"));
        var told = failed.ShouldHaveSingleItem();
        told.ListenerId.ShouldBe("mail");
        told.Event.ShouldBeSameAs(placed);
    }

    [Fact] // the same rule without a unit of work
    public async Task One_that_throws_after_the_commit_does_not_fail_a_dispatch_without_a_unit_of_work_either()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(_ => throw new InvalidOperationException("no"), In(Delivery.AfterCommit, "mail")));

        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        application.Log.Entries.ShouldContain(entry => entry.Id == 17);
    }

    [Fact] // conformance 208
    public async Task What_one_after_the_commit_dispatches_runs_at_once_whichever_dispatcher_it_takes()
    {
        Application? running = null;
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(
                async (_, context, ct) =>
                {
                    await context.Dispatcher.DispatchAsync(new Counted(1), ct);
                    await running!.Events.DispatchAsync(new Counted(2), ct);
                    Ran.Add("end");
                },
                In(Delivery.AfterCommit))
            .Listen<Counted>(e => Ran.Add($"after {e.Number}"), In(Delivery.AfterCommit)));
        running = application;
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1", "after 2", "end"]);
    }

    [Fact] // conformance 217
    public async Task One_after_the_commit_can_begin_a_unit_of_work_of_its_own_whose_listeners_run_with_its_commit()
    {
        await using var application = await StartAsync(carillon =>
        {
            carillon.Services.AddSingleton(Database);
            carillon.AddListener<CountInOwnWork, Placed>(In(Delivery.AfterCommit));
            carillon.Listen<Counted>(e => Ran.Add($"after {e.Number}, rows {Database.Rows.Count}"), In(Delivery.AfterCommit));
            carillon.Listen<Counted>(_ => { }, In(Delivery.Durable, "count"));
        });
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1, rows 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact] // conformance 217: without a transaction of its own, stored at once
    public async Task A_durable_event_that_one_after_the_commit_dispatches_is_stored_at_once()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(async (e, context, ct) => await context.Dispatcher.DispatchAsync(new Counted(e.Number), ct), In(Delivery.AfterCommit))
            .Listen<Counted>(_ => { }, In(Delivery.Durable, "count")));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await work.CommitAsync(Cancellation);

        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact] // conformance 218: the connection has no transaction any more, so the row commits by itself; the ended transaction refuses
    public async Task What_one_after_the_commit_writes_is_never_silently_dropped()
    {
        var connection = Database.Open();
        Exception? refused = null;
        UnitOfWork? open = null;
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(
            _ =>
            {
                connection.Insert("written after");
                refused = Record.Exception(open!.Transaction.Commit);
            },
            In(Delivery.AfterCommit)));
        await using var work = await Units(application).BeginAsync(connection, Cancellation);
        open = work;
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        Database.Rows.ShouldBe(["written after"]);
        refused.ShouldNotBeNull();
    }

    [Fact]
    public async Task Those_of_later_phases_have_a_scope_of_their_own_and_one_before_the_commit_has_that_of_the_dispatch()
    {
        var scopes = new List<IServiceProvider>();
        await using var application = await StartAsync(carillon =>
        {
            carillon.Services.AddScoped<Here>();
            carillon.Services.AddSingleton(scopes);
            carillon.AddListener<WhereBefore, Placed>(In(Delivery.BeforeCommit));
            carillon.AddListener<WhereAfter, Placed>(In(Delivery.AfterCommit));
        });
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        await work.CommitAsync(Cancellation);

        var here = application.Scope.GetRequiredService<Here>().Services;
        scopes[0].ShouldBeSameAs(here);
        scopes[1].ShouldNotBeSameAs(here);
    }

    [Fact]
    public async Task A_circle_over_listeners_after_the_commit_comes_to_an_end()
    {
        await using var application = await StartAsync(carillon => carillon
#pragma warning disable CARILLON016 // The circle is what is tested.
            .Listen<Placed>(
                async (e, context, ct) =>
                {
                    Ran.Add("again");
                    await context.Dispatcher.DispatchAsync(e, ct);
                },
                In(Delivery.AfterCommit, "again")));
#pragma warning restore CARILLON016

        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        Ran.Count.ShouldBeLessThan(100);
        application.Log.Entries.ShouldContain(entry => entry.Id == 17 && entry.Exception is EventChainTooDeepException);
    }

    private sealed class CountInOwnWork(TestDatabase database, IUnitOfWorkFactory units, IEventDispatcher events) : IListener<Placed>
    {
        public async ValueTask HandleAsync(Placed @event, CancellationToken cancellationToken)
        {
            var connection = database.Open();
            await using var work = await units.BeginAsync(connection, cancellationToken);
            connection.Insert("counted");
            await events.DispatchAsync(new Counted(@event.Number), cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
    }

    private sealed class Here(IServiceProvider services)
    {
        internal IServiceProvider Services => services;
    }

    private sealed class WhereBefore(Here here, List<IServiceProvider> seen) : IListener<Placed>
    {
        public ValueTask HandleAsync(Placed @event, CancellationToken cancellationToken)
        {
            seen.Add(here.Services);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class WhereAfter(Here here, List<IServiceProvider> seen) : IListener<Placed>
    {
        public ValueTask HandleAsync(Placed @event, CancellationToken cancellationToken)
        {
            seen.Add(here.Services);
            return ValueTask.CompletedTask;
        }
    }
}
