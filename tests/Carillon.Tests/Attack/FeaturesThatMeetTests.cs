using System.Collections.Concurrent;
using Carillon.Background;
using Carillon.Dispatch;
using Carillon.Listeners;
using Carillon.Middleware;
using Carillon.Operations;
using Carillon.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Attack;

/// <summary>Features that know nothing of each other, used together.</summary>
public sealed class FeaturesThatMeetTests
{
    private readonly ConcurrentQueue<string> _seen = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_is_cancelled_does_not_fail_the_emitter_that_waits_for_room()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var reader = new CancellationTokenSource();
        using var stream = application.Services.GetRequiredService<IEventWaiter>()
            .ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 1 }, reader.Token);
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        var dispatch = application.Events.DispatchAsync(new NumberCounted(2), Cancellation).AsTask();
        await reader.CancelAsync();

        (await dispatch).Number.ShouldBe(2);
    }

    [Fact]
    public async Task An_event_of_the_host_is_heard_by_its_name()
    {
        await using (var application = await Application.StartAsync(carillon => carillon.Listen<NamedEvent>("application.booted", e => _seen.Enqueue(e.Name))))
        {
        }

        _seen.ShouldBe(["application.booted"]);
    }

    [Theory]
    [InlineData(ListenerErrors.Throw)]
    [InlineData(ListenerErrors.Log)]
    public async Task A_listener_that_a_middleware_did_not_let_run_stops_nobody(ListenerErrors errors)
    {
        var isOpen = false;
        await using var application = await Application.StartAsync(carillon => carillon
            .UseListenerMiddleware((_, next, token) => isOpen || next.Listener.Id != "guarded" ? next.InvokeAsync(token) : ValueTask.CompletedTask)
            .Listen<NumberCounted>(
                async _ =>
                {
                    await Task.Yield();
                    _seen.Enqueue("guarded");
                },
                options => (options.Id, options.Priority, options.StopPropagation, options.Errors) = ("guarded", 1, true, errors))
            .Listen<NumberCounted>(_ => _seen.Enqueue("other")));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        isOpen = true;
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        _seen.ShouldBe(["other", "guarded"]);
    }

    [Fact]
    public async Task A_listener_of_an_array_hears_the_same_events_whenever_it_came()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<object[]>(_ => _seen.Enqueue("at start")));
        using var registration = application.Services.GetRequiredService<IListenerRegistry>().Listen<object[]>(_ => _seen.Enqueue("later"));

        await application.Events.DispatchAsync(new[] { "one" }, Cancellation);

        _seen.ShouldBe(["at start", "later"]);
    }

    [Fact]
    public async Task A_name_without_end_is_refused_without_repeating_all_of_it()
    {
        await using var application = await Application.StartAsync(_ => { });

        var exception = await Should.ThrowAsync<ArgumentException>(async () => await application.Events.EmitAsync(new string('x', 1_000_000), cancellationToken: Cancellation));

        exception.Message.Length.ShouldBeLessThan(1_000);
        exception.Message.ShouldContain("1000000 characters");
    }

    [Fact]
    public async Task A_validator_that_has_nothing_to_say_may_return_nothing()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseValidation(options => options.Add<NumberCounted>(_ => null!))
            .Listen<NumberCounted>(_ => _seen.Enqueue("heard")));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        _seen.ShouldBe(["heard"]);
    }

    [Fact]
    public async Task A_first_result_of_a_dispatch_that_a_middleware_ends_is_none()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseMiddleware((@event, next, token) => @event is NumberCounted { Number: 0 } ? ValueTask.CompletedTask : next.InvokeAsync(token))
            .UseListenerMiddleware(async (_, next, token) =>
            {
                await Task.Yield();
                await next.InvokeAsync(token);
            })
            .Listen<NumberCounted, int>(e => e.Number, options => options.Priority = 1)
            .Listen<NumberCounted, int>(async e =>
            {
                await Task.Yield();
                return e.Number * 2;
            }));

        (await application.Events.FirstResultAsync<int?>(new NumberCounted(0), Cancellation)).ShouldBeNull();
        (await application.Events.FirstResultAsync<int?>(new NumberCounted(3), Cancellation)).ShouldBe(3);
        (await application.Events.CollectAsync<int>(new NumberCounted(3), Cancellation)).ShouldBe([3, 6]);
        using (application.Events.Defer())
        {
            (await application.Events.CollectAsync<int>(new NumberCounted(4), Cancellation)).ShouldBe([4, 8]);
        }
    }

    [Fact]
    public async Task Structs_enums_nullables_and_generic_events_come_through_middleware_however_they_are_dispatched()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseMiddleware((@event, next, token) =>
            {
                _seen.Enqueue($"m {@event}");
                return next.InvokeAsync(token);
            })
            .Listen<int>(e => _seen.Enqueue($"int {e}"))
            .Listen<DayOfWeek>(e => _seen.Enqueue($"day {e}"))
            .Listen<KeyValuePair<string, int>>(e => _seen.Enqueue($"pair {e}")));

        await application.Events.DispatchAsync(5, Cancellation);
        (await application.Events.DispatchAsync<object>(5, Cancellation)).ShouldBe(5);
        (await application.Events.DispatchAsync<ValueType>(DayOfWeek.Friday, Cancellation)).ShouldBe(DayOfWeek.Friday);
        await application.Events.DispatchAsync(KeyValuePair.Create("a", 1), Cancellation);
#pragma warning disable CS8714 // What the compiler warns of is what is tried.
        (await application.Events.DispatchAsync<int?>(7, Cancellation)).ShouldBe(7);
        await Should.ThrowAsync<ArgumentNullException>(async () => await application.Events.DispatchAsync<int?>(null, Cancellation));
#pragma warning restore CS8714
        _seen.ShouldBe(["m 5", "int 5", "m 5", "int 5", "m Friday", "day Friday", "m [a, 1]", "pair [a, 1]", "m 7", "int 7"]);
    }

    [Fact]
    public async Task A_listener_for_once_runs_once_however_many_dispatch_at_once()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseListenerMiddleware(async (_, next, token) =>
            {
                await Task.Yield();
                await next.InvokeAsync(token);
            })
            .Listen<Alarmed>(new Action<Alarmed>(_ => throw new FormatException()))
            .Listen<Alarmed>(_ => _seen.Enqueue("always")));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        var ran = 0;
        for (var round = 0; round < 200; round++)
        {
            registry.Listen<Alarmed>(_ => Interlocked.Increment(ref ran), priority: 9, times: 1);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
                async () => await Should.ThrowAsync<ListenersFailedException>(
                    async () => await application.Services.GetRequiredService<IEventDispatcherFactory>().DispatchInNewScopeAsync(new Alarmed(), Cancellation)),
                Cancellation)));
        }

        ran.ShouldBe(200);
        _seen.Count.ShouldBe(1600);
        application.Services.GetRequiredService<IListenerDirectory>().GetListeners(typeof(Alarmed)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_emitted_by_name_while_a_buffer_is_flushed_runs_in_the_same_flush_and_through_middleware()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseMiddleware((@event, next, token) =>
            {
                _seen.Enqueue($"m {next.EventName}");
                return next.InvokeAsync(token);
            })
            .Listen<NumberCounted>(async (e, context, token) =>
            {
                _seen.Enqueue($"counted {e.Number}");
                await context.Dispatcher.EmitAsync("number.seen", e.Number, token);
            })
            .Listen<int>("number.*", e => _seen.Enqueue($"seen {e}")));

        using var buffer = application.Events.Defer();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        (await application.Events.EmitAsync("number.seen", 0, Cancellation)).ShouldBeTrue();
        _seen.ShouldBeEmpty();
        (await buffer.FlushAsync(Cancellation)).Count.ShouldBe(3);

        _seen.ShouldBe(["m number.counted", "counted 1", "m number.seen", "seen 0", "m number.seen", "seen 1"]);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        _seen.Count.ShouldBe(10);
    }

    [Fact]
    public async Task An_operation_at_the_limit_of_a_chain_is_refused_before_its_work()
    {
        var works = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .ConfigureDispatch(options => options.MaxChainDepth = 3)
            .Listen<Before<Rename>>(async (e, context, token) =>
            {
#pragma warning disable CARILLON016 // The circle is what is tried.
                await context.Dispatcher.RunAsync<Rename, int>(e.Operation, (_, _) => ValueTask.FromResult(works++), token);
#pragma warning restore CARILLON016
            }));

        var exception = await Should.ThrowAsync<EventChainTooDeepException>(
            async () => await application.Events.RunAsync<Rename, int>(new Rename(), (_, _) => ValueTask.FromResult(works++), Cancellation));

        exception.Chain.Count.ShouldBe(4);
        works.ShouldBe(0);
        await Should.ThrowAsync<EventChainTooDeepException>(
            async () => await application.Events.RunAsync<Rename, int>(new Rename(), (_, _) => ValueTask.FromResult(works++), Cancellation));
    }

    [Fact]
    public async Task A_cancellation_of_its_own_is_a_failure_and_no_end_of_an_isolated_dispatch()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseListenerMiddleware((_, next, token) => next.InvokeAsync(token))
            .Listen<Alarmed>(new Action<Alarmed>(_ => throw new OperationCanceledException("mine")))
            .Listen<Alarmed>(_ => new ValueTask(Task.FromException(new FormatException())))
            .Listen<Alarmed>(_ => new ValueTask(Task.FromCanceled(new CancellationToken(canceled: true))))
            .Listen<Alarmed>((_, context, _) =>
            {
                context.StopPropagation();
                return ValueTask.CompletedTask;
            })
            .Listen<Alarmed>(_ => _seen.Enqueue("never")));

        var exception = await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(new Alarmed(), Cancellation));

        exception.Failures.Select(failure => failure.Exception.GetType().Name).ShouldBe(["OperationCanceledException", "FormatException", "TaskCanceledException"]);
        _seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_lowest_and_the_highest_priority_are_the_last_and_the_first()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => _seen.Enqueue("low"), options => options.Priority = int.MinValue)
            .Listen<NumberCounted>(_ => _seen.Enqueue("zero"))
            .Listen<NamedEvent>("number.*", _ => _seen.Enqueue("high"), options => options.Priority = int.MaxValue)
            .Listen<NumberCounted>(_ => _seen.Enqueue("before"), options => (options.Id, options.Before) = ("b", ["c"]))
            .Listen<NamedEvent>("#", _ => _seen.Enqueue("c"), options => (options.Id, options.Priority) = ("c", 5)));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.EmitAsync("number.counted", new NumberCounted(1), Cancellation);

        string[] once = ["high", "before", "c", "zero", "low"];
        _seen.ShouldBe([.. once, .. once]);
    }

    [Event("attack.alarmed", Errors = EventErrors.Isolate)]
    internal sealed record Alarmed;

    internal sealed record Rename;
}
