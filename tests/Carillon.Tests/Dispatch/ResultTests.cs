using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Dispatch;

public sealed class ResultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // A8, conformance 151
    public async Task Results_come_in_the_order_of_the_listeners_from_every_kind_of_lambda()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, string>(_ => "value")
            .Listen<SquareDrawn, string>(async _ =>
            {
                await Task.Yield();
                return "value task";
            })
            .Listen<SquareDrawn, string>(_ => Task.FromResult("task"))
            .Listen<SquareDrawn, string>((_, _) => ValueTask.FromResult("value task with token"))
            .Listen<SquareDrawn, string>((_, _) => Task.FromResult("task with token"))
            .Listen<SquareDrawn, string>((_, context, _) => ValueTask.FromResult(context.EventName))
            .Listen<SquareDrawn>(e => e.Seen.Add("silent"))
            .Listen<ShapeDrawn, string>(_ => "first", options => options.Priority = 1));
        var drawn = new SquareDrawn();

        (await application.Events.CollectAsync<string>(drawn, Cancellation))
            .ShouldBe(["first", "value", "value task", "task", "value task with token", "task with token", "square.drawn"]);
        drawn.Seen.ShouldBe(["silent"]);
        await application.Events.DispatchAsync(drawn, Cancellation);
    }

    [Fact] // Conformance 150: null is ignored
    public async Task What_is_of_another_type_is_left_out_and_null_is_no_result()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, string?>(_ => (string?)null)
            .Listen<SquareDrawn, int>(_ => 1)
            .Listen<SquareDrawn, int?>(_ => (int?)null)
            .Listen<SquareDrawn, int?>(_ => 2)
            .Listen<SquareDrawn, object>(_ => 3)
            .Listen<SquareDrawn, long>(_ => 4)
            .Listen<SquareDrawn, CircleDrawn>(_ => new CircleDrawn()));

        (await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([1, 2, 3]);
        (await application.Events.CollectAsync<int?>(new SquareDrawn(), Cancellation)).ShouldBe([1, 2, 3]);
        (await application.Events.CollectAsync<string>(new SquareDrawn(), Cancellation)).ShouldBeEmpty();
        (await application.Events.CollectAsync<ShapeDrawn>(new SquareDrawn(), Cancellation)).ShouldHaveSingleItem().ShouldBeOfType<CircleDrawn>();
    }

    [Fact] // Conformance 151
    public async Task Each_result_can_come_with_the_listener_that_gave_it()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, int>(_ => 1, options => options.Id = "one")
            .Listen<SquareDrawn>(_ => { })
            .Listen<SquareDrawn, int>(
                async _ =>
                {
                    await Task.Yield();
                    return 2;
                },
                options => options.Id = "two"));

        (await application.Events.CollectByListenerAsync<int>(new SquareDrawn(), Cancellation))
            .ShouldBe([new ListenerResult<int>("one", 1), new ListenerResult<int>("two", 2)]);
    }

    [Fact] // Conformance 47
    public async Task A_listener_that_returns_false_stops_nothing()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, bool>(_ => false)
            .Listen<SquareDrawn>(e => e.Seen.Add("behind"))
            .Listen<SquareDrawn, bool>(_ => true));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["behind"]);
        (await application.Events.CollectAsync<bool>(new SquareDrawn(), Cancellation)).ShouldBe([false, true]);
    }

    [Fact] // Conformance 149
    public async Task A_result_that_is_an_event_is_not_published()
    {
        var seen = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, CircleDrawn>(_ => new CircleDrawn())
            .Listen<CircleDrawn>(_ => seen++));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        _ = await application.Events.CollectAsync<CircleDrawn>(new SquareDrawn(), Cancellation);

        seen.ShouldBe(0);
    }

    [Fact] // Conformance 49
    public async Task The_first_result_ends_the_dispatch()
    {
        var seen = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemory().RunDeliveriesByHand()
            .Listen<NumberCounted>(_ => seen.Add("durable before"), options => (options.Id, options.Delivery) = ("before", Delivery.Durable))
            .Listen<NumberCounted, string?>(_ =>
            {
                seen.Add("null");
                return (string?)null;
            })
            .Listen<NumberCounted, int>(_ =>
            {
                seen.Add("another type");
                return 1;
            })
            .Listen<NumberCounted, string>(async e =>
            {
                await Task.Yield();
                return $"{e.Number}";
            })
            .Listen<NumberCounted, string>(_ =>
            {
                seen.Add("behind");
                return "behind";
            })
            .Listen<NumberCounted>(_ => seen.Add("durable behind"), options => (options.Id, options.Delivery) = ("behind", Delivery.Durable)));

        (await application.Events.FirstResultAsync<string>(new NumberCounted(7), Cancellation)).ShouldBe("7");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["null", "another type", "durable before"]);
    }

    [Fact] // Conformance 51, 148
    public async Task Without_listeners_there_are_no_results()
    {
        await using var application = await Application.StartAsync(_ => { });

        (await application.Events.CollectAsync<string>(new SquareDrawn(), Cancellation)).ShouldBeEmpty();
        (await application.Events.FirstResultAsync<string>(new SquareDrawn(), Cancellation)).ShouldBeNull();
        (await application.Events.FirstResultAsync<int?>(new SquareDrawn(), Cancellation)).ShouldBeNull();
        application.Log.Entries.Count(entry => entry.Id == 1 && entry.Message.Contains(nameof(SquareDrawn), StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Durable_listeners_take_part_and_give_no_result()
    {
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemory().RunDeliveriesByHand()
            .Listen<NumberCounted, int>(_ => ++ran, options => (options.Id, options.Delivery) = ("durable", Delivery.Durable)));

        (await application.Events.CollectAsync<int>(new NumberCounted(1), Cancellation)).ShouldBeEmpty();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        ran.ShouldBe(1);
    }

    [Fact]
    public async Task Listeners_that_come_and_go_change_the_results()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn, int>(_ => 1));
        (await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([1]);

        using (application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn, int>(_ => 2, priority: 1))
        {
            (await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([2, 1]);
        }

        (await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([1]);
    }

    [Fact]
    public async Task An_inner_dispatch_keeps_its_results_to_itself()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, int>(async (_, context, token) => (await context.Dispatcher.CollectAsync<int>(new CircleDrawn(), token)).Sum())
            .Listen<CircleDrawn, int>(_ => 10)
            .Listen<CircleDrawn, int>(_ => 20));

        (await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([30]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_reaches_the_emitter_in_place_of_results(bool asynchronously)
    {
        var thrown = new TimeoutException();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, int>(_ => 1)
            .Listen<SquareDrawn, int>(async _ =>
            {
                if (asynchronously)
                {
                    await Task.Yield();
                }

                throw thrown;
            }));

        (await Should.ThrowAsync<TimeoutException>(async () => await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation))).ShouldBeSameAs(thrown);
    }

    [Fact]
    public async Task A_listener_that_logs_its_errors_gives_no_result_when_it_fails()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn, int>((Func<SquareDrawn, int>)(_ => throw new TimeoutException()), options => options.Errors = ListenerErrors.Log)
            .Listen<SquareDrawn, int>(_ => 2, options => options.Errors = ListenerErrors.Log));

        (await application.Events.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([2]);
    }

    [Fact] // Conformance 138
    public void A_result_that_would_have_to_be_awaited_again_is_refused()
    {
        var services = new ServiceCollection();

        Should.Throw<CarillonException>(() => services.AddCarillon(carillon => carillon.Listen<SquareDrawn, Task>(_ => Task.CompletedTask)))
            .Message.ShouldContain("which nobody would await");
        Should.Throw<CarillonException>(() => services.AddCarillon(carillon => carillon.Listen<SquareDrawn, ValueTask>(_ => ValueTask.CompletedTask)));
    }

    [Fact]
    public async Task A_fake_fills_the_collector_and_a_decorator_passes_it_on()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn, int>(_ => 1));
        var decorated = new FakeDispatcher(application.Events);

        (await decorated.CollectAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe([1, 42]);
        (await decorated.FirstResultAsync<int>(new SquareDrawn(), Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task A_dispatcher_that_knows_nothing_of_results_says_so()
    {
        var error = await Should.ThrowAsync<NotSupportedException>(async () => await new PlainDispatcher().CollectAsync<int>(new SquareDrawn(), Cancellation));

        error.Message.ShouldContain(nameof(PlainDispatcher));
        error.Message.ShouldContain(nameof(IEventDispatcher.DispatchForResultsAsync));
    }

    [Fact]
    public async Task Null_is_refused()
    {
        await using var application = await Application.StartAsync(_ => { });

        await Should.ThrowAsync<ArgumentNullException>(async () => await application.Events.CollectAsync<int>(null!, Cancellation));
    }

    [Fact]
    public async Task Whoever_asks_for_a_task_is_told_to_ask_for_what_comes_out_of_it()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn, int>(_ => Task.FromResult(1)));

        (await Should.ThrowAsync<ArgumentException>(async () => await application.Events.CollectAsync<Task<int>>(new SquareDrawn(), Cancellation)))
            .Message.ShouldContain("not for Task<decimal>");
        await Should.ThrowAsync<ArgumentException>(async () => await application.Events.FirstResultAsync<ValueTask<int>>(new SquareDrawn(), Cancellation));
        await Should.ThrowAsync<ArgumentException>(async () => await application.Events.CollectByListenerAsync<Task>(new SquareDrawn(), Cancellation));
    }

    private sealed class FakeDispatcher(IEventDispatcher inner) : IEventDispatcher
    {
        public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default) => inner.DispatchObjectAsync(@event, cancellationToken);

        public async ValueTask DispatchForResultsAsync(object @event, ResultCollector results, CancellationToken cancellationToken = default)
        {
            await inner.DispatchForResultsAsync(@event, results, cancellationToken);
            results.Add("fake", 42);
            results.Add("fake", "left out");
        }
    }

    private sealed class PlainDispatcher : IEventDispatcher
    {
        public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
