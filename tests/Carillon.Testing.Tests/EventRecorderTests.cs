using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing.Tests;

/// <summary>D5; conformance 221, 437.</summary>
public sealed class EventRecorderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_is_recorded_in_order_also_one_whose_listener_throws()
    {
        await using var application = await TestApplication.StartAsync(carillon => carillon.Listen<string>(_ => throw new InvalidOperationException()));

        await application.DispatchAsync(1);
        await Should.ThrowAsync<InvalidOperationException>(() => application.DispatchAsync("two"));

        var recorder = application.Recorder;
        recorder.Events.ShouldBe([1, "two"]);
        recorder.Of<int>().ShouldBe([1]);
        recorder.Only<string>().ShouldBe("two");
        recorder.Dispatches.Select(dispatch => dispatch.Outcome).ShouldBe([RecordedOutcome.Committed, RecordedOutcome.Failed]);
        recorder.NoneCommitted<string>();
    }

    [Fact]
    public async Task A_missing_event_is_reported_with_what_was_seen_and_what_became_of_it()
    {
        await using var application = await TestApplication.StartAsync(static _ => { });
        await application.DispatchAsync(new OrderPlaced("A-1"));

        var error = Should.Throw<InvalidOperationException>(() => application.Recorder.Only<int>());
        error.Message.ShouldContain("0 were dispatched");
        error.Message.ShouldContain("order.placed: OrderPlaced { Sku = A-1 } (committed)");
        Should.Throw<InvalidOperationException>(() => application.Recorder.None<OrderPlaced>()).Message.ShouldContain("A-1");
    }

    [Fact]
    public async Task An_event_by_name_is_recorded_under_its_name()
    {
        await using var application = await TestApplication.StartAsync(carillon => carillon.Listen<NamedEvent>("user.#", static _ => { }));

        await application.InScopeAsync(async services =>
        {
            await services.GetRequiredService<IEventBus>().EmitAsync("user.created", 42, Cancellation);
            await services.GetRequiredService<IEventBus>().EmitAsync("nobody.listens", cancellationToken: Cancellation);
        });

        application.Recorder.Dispatches.Select(dispatch => dispatch.Name).ShouldBe(["user.created", "nobody.listens"]);
    }

    [Fact] // 221
    public async Task An_event_whose_unit_of_work_is_rolled_back_does_not_count_as_committed()
    {
        await using var application = await TestApplication.StartOnSqliteAsync(static _ => { });

        await WorkAsync(application, async (events, work) =>
        {
            await events.DispatchAsync(new OrderPlaced("A-1"), Cancellation);
            application.Recorder.Dispatches.ShouldHaveSingleItem().Outcome.ShouldBe(RecordedOutcome.Waiting);
            application.Recorder.NoneCommitted<OrderPlaced>();
            await work.RollbackAsync(Cancellation);
        });

        application.Recorder.Only<OrderPlaced>().ShouldBe(new OrderPlaced("A-1"));
        application.Recorder.NoneCommitted<OrderPlaced>();
        Should.Throw<InvalidOperationException>(() => application.Recorder.OnlyCommitted<OrderPlaced>()).Message.ShouldContain("rolled back");
    }

    [Fact]
    public async Task It_counts_once_its_unit_of_work_is_committed()
    {
        await using var application = await TestApplication.StartOnSqliteAsync(static _ => { });

        await WorkAsync(application, async (events, work) =>
        {
            await events.DispatchAsync(new OrderPlaced("A-1"), Cancellation);
            await work.CommitAsync(Cancellation);
        });

        application.Recorder.OnlyCommitted<OrderPlaced>().ShouldBe(new OrderPlaced("A-1"));
    }

    [Fact]
    public async Task What_a_savepoint_takes_back_is_not_committed_with_the_rest()
    {
        await using var application = await TestApplication.StartOnSqliteAsync(static _ => { });

        await WorkAsync(application, async (events, work) =>
        {
            await events.DispatchAsync(new OrderPlaced("stays"), Cancellation);
            await using (await work.SavepointAsync(cancellationToken: Cancellation))
            {
                await events.DispatchAsync(new OrderPlaced("goes"), Cancellation);
            }

            await work.CommitAsync(Cancellation);
        });

        application.Recorder.Dispatches.Select(dispatch => dispatch.Outcome).ShouldBe([RecordedOutcome.Committed, RecordedOutcome.RolledBack]);
    }

    [Fact]
    public async Task A_dispatch_that_failed_stays_failed_whatever_else_is_committed()
    {
        await using var application = await TestApplication.StartOnSqliteAsync(carillon => carillon.Listen<OrderPlaced>(_ => throw new InvalidOperationException()));

        await WorkAsync(application, async (events, work) =>
        {
            await Should.ThrowAsync<InvalidOperationException>(async () => await events.DispatchAsync(new OrderPlaced("A-1"), Cancellation));
            await work.CommitAsync(Cancellation);
        });

        application.Recorder.Dispatches.ShouldHaveSingleItem().Outcome.ShouldBe(RecordedOutcome.Failed);
    }

    [Fact]
    public async Task An_event_that_isolates_failures_stands_although_they_are_reported()
    {
        await using var application = await TestApplication.StartAsync(carillon => carillon
            .Listen<OrderPlaced>(_ => throw new InvalidOperationException())
            .AddEvent<OrderPlaced>(options => options.Errors = EventErrors.Isolate));

        await Should.ThrowAsync<ListenersFailedException>(() => application.DispatchAsync(new OrderPlaced("A-1")));

        var dispatch = application.Recorder.Dispatches.ShouldHaveSingleItem();
        dispatch.Outcome.ShouldBe(RecordedOutcome.Committed);
        dispatch.Exception.ShouldBeOfType<ListenersFailedException>();
    }

    [Fact]
    public async Task Two_tests_at_once_see_each_their_own_with_what_their_tasks_dispatch()
    {
        await using var application = await TestApplication.StartAsync(static _ => { });
        using var meet = new Barrier(2);

        var seen = await Task.WhenAll(Task.Run(() => TestAsync(1)), Task.Run(() => TestAsync(2)));

        seen[0].ShouldBe([1, 1], ignoreOrder: true);
        seen[1].ShouldBe([2, 2], ignoreOrder: true);
        application.Recorder.Of<int>().Count.ShouldBe(4);

        async Task<IReadOnlyList<int>> TestAsync(int number)
        {
            using var recording = application.Recorder.Begin();
            meet.SignalAndWait(Cancellation);
            await application.DispatchAsync(number);
            await Task.Run(() => application.DispatchAsync(number), Cancellation);
            meet.SignalAndWait(Cancellation);
            return recording.Of<int>();
        }
    }

    [Fact]
    public async Task A_recording_inside_another_records_for_both_and_ends_when_it_is_disposed()
    {
        await using var application = await TestApplication.StartAsync(static _ => { });
        using var outer = application.Recorder.Begin();
        var inner = application.Recorder.Begin();
        await application.DispatchAsync(1);
        inner.Dispose();
        await application.DispatchAsync(2);

        inner.Of<int>().ShouldBe([1]);
        outer.Of<int>().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Listeners_are_recorded_as_they_end_and_durable_ones_attempt_by_attempt_in_the_flow_that_drains_them()
    {
        await using var application = await TestApplication.StartAsync(carillon => carillon
            .Listen<OrderPlaced>(static _ => { }, options => options.Id = "inline")
            .Listen<OrderPlaced>(
                static (_, context, _) => context.Attempt == 1 ? throw new InvalidOperationException("not yet") : ValueTask.CompletedTask,
                options => (options.Id, options.Delivery) = ("durable", Delivery.Durable)));
        using var recording = application.Recorder.Begin();

        await application.DispatchAsync(new OrderPlaced("A-1"));
        await application.Services.DrainDeliveriesAsync(application.Time.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);

        recording.OnlyCall("inline").Exception.ShouldBeNull();
        recording.Calls.Where(call => call.ListenerId == "durable").Select(call => (call.Attempt, call.Exception?.Message)).ShouldBe([(1, "not yet"), (2, null)]);
        Should.Throw<InvalidOperationException>(() => recording.OnlyCall("durable")).Message.ShouldContain("attempt 1, InvalidOperationException: not yet");
    }

    [Fact]
    public async Task A_recorder_that_is_asked_for_twice_is_there_once()
    {
        await using var application = await TestApplication.StartAsync(static _ => { }, carillon => carillon.RecordEvents());

        await application.DispatchAsync(1);

        application.Recorder.Events.ShouldBe([1]);
    }

    private static Task WorkAsync(TestApplication application, Func<IEventDispatcher, UnitOfWork, Task> work) => application.InScopeAsync(async services =>
    {
        await using var connection = await application.OpenAsync();
        await using var unit = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);
        await work(services.GetRequiredService<IEventDispatcher>(), unit);
    });

    [Event("order.placed")]
    internal sealed record OrderPlaced(string Sku);
}
