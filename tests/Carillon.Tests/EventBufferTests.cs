using Microsoft.Extensions.Logging;

// Circles are what some of these tests are about: those that end, and one that does not.
#pragma warning disable CARILLON016

namespace Carillon.Tests;

public sealed class EventBufferTests
{
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 189, 190
    public async Task Events_wait_until_the_flush_and_run_in_the_order_in_which_they_were_dispatched()
    {
        await using var application = await StartAsync();
        var (one, two) = (new NumberCounted(1), new Created<int>());
        using var buffer = application.Events.Defer();

        (await application.Events.DispatchAsync(one, Cancellation)).ShouldBeSameAs(one);
        await application.Events.PublishAsync(two, Cancellation);
        await application.Events.DispatchObjectAsync(one, Cancellation);
        _ran.ShouldBeEmpty();
        buffer.Count.ShouldBe(3);

        var flushed = await buffer.FlushAsync(Cancellation);

        _ran.ShouldBe(["1", "created", "1"]);
        flushed.ShouldBe([one, two, one]);
        buffer.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_type_that_is_null_is_refused_with_its_place()
    {
        await using var application = await StartAsync();

        Should.Throw<ArgumentException>(() => application.Events.Defer(typeof(NumberCounted), null!))
            .Message.ShouldStartWith("Type 2 of 2 is null. Name the events that wait, or none for all.");
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        _ran.ShouldBe(["1"]);
    }

    [Fact] // Conformance 190
    public async Task A_second_flush_does_nothing_and_what_is_dispatched_after_the_first_runs_at_once()
    {
        await using var application = await StartAsync();
        using var buffer = application.Events.Defer();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await buffer.FlushAsync(Cancellation);

        (await buffer.FlushAsync(Cancellation)).ShouldBeEmpty();
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        _ran.ShouldBe(["1", "2"]);
    }

    [Fact] // What ran quickly before the block must not run quickly in it
    public async Task An_event_whose_plan_was_made_before_waits_like_any_other()
    {
        await using var application = await StartAsync();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.PublishAsync(new NumberCounted(2), Cancellation);
        using (application.Events.Defer())
        {
            await application.Events.DispatchAsync(new NumberCounted(3), Cancellation);
            await application.Events.PublishAsync(new NumberCounted(4), Cancellation);
        }

        _ran.ShouldBe(["1", "2"]);
    }

    [Fact] // Conformance 194
    public async Task The_events_of_an_inner_block_run_at_its_end_and_before_those_of_the_outer_one()
    {
        await using var application = await StartAsync();
        using var outer = application.Events.Defer();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        using (var inner = application.Events.Defer())
        {
            await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
            (await inner.FlushAsync(Cancellation)).ShouldBe([new NumberCounted(2)]);
        }

        _ran.ShouldBe(["2"]);
        await application.Events.DispatchAsync(new NumberCounted(3), Cancellation);
        await outer.FlushAsync(Cancellation);
        _ran.ShouldBe(["2", "1", "3"]);
    }

    [Fact] // Conformance 195
    public async Task A_block_for_some_events_lets_the_others_run_at_once()
    {
        await using var application = await StartAsync();
        using var buffer = application.Events.Defer(typeof(NumberCounted));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new Created<int>(), Cancellation);
        _ran.ShouldBe(["created"]);

        await buffer.FlushAsync(Cancellation);

        _ran.ShouldBe(["created", "1"]);
    }

    [Fact]
    public async Task A_block_for_a_base_type_keeps_derived_events_and_leaves_the_others_to_the_outer_block()
    {
        await using var application = await StartAsync();
        using var outer = application.Events.Defer();
        using var inner = application.Events.Defer(typeof(ICreated<int>));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new Created<int>(), Cancellation);

        (inner.Count, outer.Count).ShouldBe((1, 1));
        await inner.FlushAsync(Cancellation);
        _ran.ShouldBe(["created"]);
        await outer.FlushAsync(Cancellation);
        _ran.ShouldBe(["created", "1"]);
    }

    [Fact] // Conformance 144, 196
    public async Task A_block_that_throws_drops_its_events_and_the_scope_goes_on_as_before()
    {
        await using var application = await StartAsync();
        using var outer = application.Events.Defer();
        await Should.ThrowAsync<FormatException>(async () =>
        {
            using var inner = application.Events.Defer();
            await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
            throw new FormatException();
        });

        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        _ran.ShouldBeEmpty();
        await outer.FlushAsync(Cancellation);
        _ran.ShouldBe(["2"]);
        application.Log.Entries.ShouldContain(entry => entry.Id == 30 && entry.Level == LogLevel.Warning && entry.Message.Contains("NumberCounted"));
    }

    [Fact]
    public async Task What_is_discarded_is_dropped_without_a_word()
    {
        await using var application = await StartAsync();
        using (var buffer = application.Events.Defer())
        {
            await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
            buffer.Discard();
        }

        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        _ran.ShouldBe(["2"]);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 30);
    }

    [Fact] // Conformance 197
    public async Task What_listeners_dispatch_during_a_flush_joins_it_after_what_was_there()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(async (e, context, ct) =>
            {
                _ran.Add($"{e.Number} begins");
                if (e.Number < 10)
                {
                    await context.Dispatcher.DispatchAsync(new NumberCounted(e.Number * 10), ct);
                }

                _ran.Add($"{e.Number} ends");
            }));
        using var buffer = application.Events.Defer();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        var flushed = await buffer.FlushAsync(Cancellation);

        _ran.ShouldBe(["1 begins", "1 ends", "2 begins", "2 ends", "10 begins", "10 ends", "20 begins", "20 ends"]);
        flushed.ShouldBe([new NumberCounted(1), new NumberCounted(2), new NumberCounted(10), new NumberCounted(20)]);
    }

    [Theory] // Conformance 197
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listeners_that_dispatch_in_a_circle_during_a_flush_are_stopped_with_the_whole_chain(bool inBlocksOfTheirOwn)
    {
        var calls = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(async (e, context, ct) =>
            {
                calls++;
                using var block = inBlocksOfTheirOwn ? context.Dispatcher.Defer() : null;
                await context.Dispatcher.DispatchAsync(new NumberCounted(e.Number + 1), ct);
                await (block?.FlushAsync(ct) ?? default);
            }));
        using var buffer = application.Events.Defer();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        var exception = await Should.ThrowAsync<CarillonException>(async () => await buffer.FlushAsync(Cancellation));

        exception.Message.ShouldContain("NumberCounted -> NumberCounted");
        calls.ShouldBe(64);
        (await buffer.FlushAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_for_results_does_not_wait()
    {
        await using var application = await StartAsync();
        using var buffer = application.Events.Defer();

        (await application.Events.CollectAsync<int>(new NumberCounted(1), Cancellation)).ShouldBeEmpty();

        _ran.ShouldBe(["1"]);
        buffer.Count.ShouldBe(0);
    }

    [Fact] // However long a list is, it is no chain
    public async Task Many_events_that_do_not_cause_each_other_may_wait()
    {
        await using var application = await StartAsync();
        using var buffer = application.Events.Defer();
        for (var number = 1; number <= 1000; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        (await buffer.FlushAsync(Cancellation)).Count.ShouldBe(1000);
    }

    [Fact]
    public async Task A_listener_that_throws_ends_the_flush_and_the_rest_is_dropped()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(e =>
            {
                _ran.Add(e.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                throw new FormatException();
            }));
        using var buffer = application.Events.Defer();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        await Should.ThrowAsync<FormatException>(async () => await buffer.FlushAsync(Cancellation));

        _ran.ShouldBe(["1"]);
        buffer.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_block_is_not_flushed_while_one_inside_it_is_open()
    {
        await using var application = await StartAsync();
        using var outer = application.Events.Defer();
        using var inner = application.Events.Defer();

        (await Should.ThrowAsync<InvalidOperationException>(async () => await outer.FlushAsync(Cancellation))).Message.ShouldContain("inside this one");

        inner.Discard();
        await outer.FlushAsync(Cancellation);
    }

    [Fact]
    public async Task Blocks_that_end_in_the_wrong_order_leave_a_scope_in_which_nothing_waits()
    {
        await using var application = await StartAsync();
        var outer = application.Events.Defer();
        var inner = application.Events.Defer();
        outer.Dispose();
        inner.Dispose();

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        _ran.ShouldBe(["1"]);
    }

    [Fact]
    public async Task Another_scope_does_not_wait()
    {
        await using var application = await StartAsync();
        using var buffer = application.Events.Defer();

        await ((IEventDispatcherFactory)application.Services.GetService(typeof(IEventDispatcherFactory))!).DispatchInNewScopeAsync(new NumberCounted(1), Cancellation);

        _ran.ShouldBe(["1"]);
    }

    [Fact]
    public void A_dispatcher_that_is_not_Carillons_own_says_that_nothing_can_wait_in_it() =>
        Should.Throw<CarillonException>(() => new Stranger().Defer()).Message.ShouldContain(nameof(Stranger));

    private Task<Application> StartAsync() => Application.StartAsync(carillon => carillon
        .Listen<NumberCounted>(e => _ran.Add(e.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        .Listen<ICreated<int>>(_ => _ran.Add("created")));

    private sealed class Stranger : IEventDispatcher
    {
        public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
