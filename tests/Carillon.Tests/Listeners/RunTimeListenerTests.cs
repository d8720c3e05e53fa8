using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

/// <summary>Listeners that come and go while the application runs.</summary>
public sealed class RunTimeListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 163
    public async Task A_listener_that_was_added_for_three_times_runs_three_times_and_is_gone()
    {
        await using var application = await Application.StartAsync(_ => { });
        Registry(application).Listen<SquareDrawn>(e => e.Seen.Add("seen"), times: 3);
        var drawn = new SquareDrawn();

        for (var dispatch = 0; dispatch < 4; dispatch++)
        {
            await application.Events.DispatchAsync(drawn, Cancellation);
        }

        drawn.Seen.Count.ShouldBe(3);
        Directory(application).HasListeners<SquareDrawn>().ShouldBeFalse();
    }

    [Fact] // Conformance 163
    public async Task The_times_are_counted_across_dispatches_that_run_at_once()
    {
        var runs = 0;
        await using var application = await Application.StartAsync(_ => { });
        Registry(application).Listen<CircleDrawn>(_ => Interlocked.Increment(ref runs), times: 50);
        var factory = application.Services.GetRequiredService<IEventDispatcherFactory>();

        await Parallel.ForAsync(0, 500, Cancellation, async (_, token) => await factory.DispatchInNewScopeAsync(new CircleDrawn(), token));

        runs.ShouldBe(50);
    }

    [Fact] // Conformance 28, 163
    public async Task A_dispatch_that_began_before_the_last_run_does_not_bring_about_another()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = true;
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(async (_, _) =>
        {
            if (waits)
            {
                await go.Task;
            }
        }));
        var runs = 0;
        Registry(application).Listen<SquareDrawn>(_ => runs++, times: 1);
        var early = application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        waits = false;
        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        go.SetResult();
        await early;

        runs.ShouldBe(1);
    }

    [Fact] // Conformance 163
    public async Task A_listener_for_one_time_that_dispatches_its_own_event_does_not_hear_it()
    {
        await using var application = await Application.StartAsync(_ => { });
        var events = application.Events;
        Registry(application).Listen<SquareDrawn>(
            async (e, token) =>
            {
                e.Seen.Add("seen");
#pragma warning disable CARILLON016 // It listens once, and so it ends: the very thing that is tested.
                await events.DispatchAsync(e, token);
#pragma warning restore CARILLON016
            },
            times: 1);

        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["seen"]);
    }

    [Fact] // Conformance 163: a run that throws has been one
    public async Task A_run_that_throws_counts()
    {
        await using var application = await Application.StartAsync(_ => { });
        Registry(application).Listen<SquareDrawn>(
            e =>
            {
                e.Seen.Add("seen");
                throw new InvalidOperationException("no");
            },
            times: 1);
        var drawn = new SquareDrawn();

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(drawn, Cancellation));
        await application.Events.DispatchAsync(drawn, Cancellation);

        drawn.Seen.ShouldBe(["seen"]);
    }

    [Fact]
    public async Task A_listener_cannot_be_added_for_no_time()
    {
        await using var application = await Application.StartAsync(_ => { });

        Should.Throw<ArgumentOutOfRangeException>(() => Registry(application).Listen<SquareDrawn>(_ => { }, times: 0));
    }

    [Fact] // Conformance 164
    public async Task A_listener_runs_until_its_token_is_cancelled()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var source = new CancellationTokenSource();
        var handle = Registry(application).Until(source.Token).Listen<SquareDrawn>(e => e.Seen.Add("seen"));
        var drawn = new SquareDrawn();
        await application.Events.DispatchAsync(drawn, Cancellation);

        await source.CancelAsync();
        await application.Events.DispatchAsync(drawn, Cancellation);
        handle.Dispose();

        drawn.Seen.ShouldBe(["seen"]);
        Directory(application).HasListeners<SquareDrawn>().ShouldBeFalse();
    }

    [Fact] // Conformance 165
    public async Task A_listener_whose_token_is_cancelled_already_never_runs()
    {
        await using var application = await Application.StartAsync(_ => { });
        var added = 0;
        Registry(application).ListenerAdded += _ => added++;

        var handle = Registry(application).Until(new CancellationToken(canceled: true)).Listen<SquareDrawn>(e => e.Seen.Add("seen"));

        Directory(application).HasListeners<SquareDrawn>().ShouldBeFalse();
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBeEmpty();
        handle.Dispose();
        added.ShouldBe(0);
    }

    [Theory] // Conformance 164
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_under_two_tokens_ends_with_either(bool outer)
    {
        await using var application = await Application.StartAsync(_ => { });
        using var one = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        Registry(application).Until(one.Token).Until(other.Token).Add(Named("one"), times: 5);
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one"]);

        await (outer ? one : other).CancelAsync();

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBeEmpty();
        Registry(application).Remove("one").ShouldBeFalse();
    }

    [Fact]
    public async Task What_else_the_registry_does_it_does_under_a_token_too()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var source = new CancellationTokenSource();
        var registry = Registry(application).Until(source.Token);
        var changes = new List<string>();
        void Add(Listener listener) => changes.Add($"+{listener.Id}");
        void Remove(Listener listener) => changes.Add($"-{listener.Id}");
        registry.ListenerAdded += Add;
        registry.ListenerRemoved += Remove;
        registry.Add(Named("one"));
        registry.Add(Named("other"));

        using (registry.Mute("one"))
        {
            (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["other"]);
        }

        using (registry.Mute<SquareDrawn>())
        {
            (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBeEmpty();
        }

        registry.Remove("one").ShouldBeTrue();
        registry.ListenerAdded -= Add;
        registry.ListenerRemoved -= Remove;
        await source.CancelAsync();

        changes.ShouldBe(["+one", "+other", "-one"]);
        Directory(application).HasListeners<SquareDrawn>().ShouldBeFalse();
    }

    [Fact] // Conformance 29
    public async Task Removing_a_listener_that_nobody_knows_does_nothing()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("at start"), options => options.Id = "at start"));
        Registry(application).Add(Named("later"));

        Registry(application).Remove("unknown").ShouldBeFalse();
        Registry(application).Remove("at start").ShouldBeFalse();
        Registry(application).Remove("later").ShouldBeTrue();
        Registry(application).Remove("later").ShouldBeFalse();

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["at start"]);
    }

    [Fact]
    public async Task An_old_handle_does_not_remove_the_listener_that_has_its_id_now()
    {
        await using var application = await Application.StartAsync(_ => { });
        var old = Registry(application).Add(Named("one"));
        Registry(application).Remove("one");
        Registry(application).Add(Named("one"));

        old.Dispose();

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one"]);
    }

    [Fact] // Conformance 171
    public async Task A_subscription_ends_with_its_block_also_when_the_block_throws()
    {
        await using var application = await Application.StartAsync(_ => { });
        var drawn = new SquareDrawn();

        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            using var seen = Registry(application).Listen<SquareDrawn>(e => e.Seen.Add("seen"));
            await application.Events.DispatchAsync(drawn, Cancellation);
            throw new InvalidOperationException("no");
        });
        await application.Events.DispatchAsync(drawn, Cancellation);

        drawn.Seen.ShouldBe(["seen"]);
    }

    [Fact] // Conformance 173
    public async Task When_an_inner_subscription_ends_the_outer_one_still_hears()
    {
        await using var application = await Application.StartAsync(_ => { });
        var drawn = new SquareDrawn();

        using (Registry(application).Listen<SquareDrawn>(e => e.Seen.Add("outer")))
        {
            using (Registry(application).Listen<SquareDrawn>(e => e.Seen.Add("inner")))
            {
                await application.Events.DispatchAsync(drawn, Cancellation);
            }

            await application.Events.DispatchAsync(drawn, Cancellation);
        }

        drawn.Seen.ShouldBe(["outer", "inner", "outer"]);
    }

    [Fact] // Conformance 177
    public async Task Observers_hear_of_listeners_that_come_and_go()
    {
        await using var application = await Application.StartAsync(_ => { });
        var changes = new List<string>();
        var registry = Registry(application);
        registry.ListenerAdded += listener => changes.Add($"+{listener.Id}");
        registry.ListenerRemoved += listener => changes.Add($"-{listener.Id}");

        var handle = registry.Add(Named("one"));
        handle.Dispose();
        handle.Dispose();

        changes.ShouldBe(["+one", "-one"]);
    }

    [Fact] // Conformance 137, 177
    public async Task An_observer_that_throws_is_logged_and_changes_nothing()
    {
        await using var application = await Application.StartAsync(_ => { });
        var heard = 0;
        Registry(application).ListenerAdded += _ => throw new InvalidOperationException("no");
        Registry(application).ListenerAdded += _ => heard++;

        Registry(application).Add(Named("one"));

        heard.ShouldBe(1);
        application.Log.Entries.ShouldContain(entry => entry.Id == 20 && entry.Message.Contains("one"));
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one"]);
    }

    [Theory] // Conformance 180
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listener_of_every_event_hears_each_once_beside_those_of_the_event(bool atStart)
    {
        var heard = new List<object>();
        await using var application = await Application.StartAsync(carillon =>
        {
            carillon.Listen<SquareDrawn>(e => e.Seen.Add("square"));
            if (atStart)
            {
                carillon.Listen<object>(heard.Add);
            }
        });
        if (!atStart)
        {
            Registry(application).Listen<object>(heard.Add);
        }

        var square = await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        square.Seen.ShouldBe(["square"]);
        heard.ShouldBe([square, new NumberCounted(1)]);
    }

    [Fact] // Conformance 2, 96: one rule for those at start and those that come later
    public async Task Listeners_that_come_later_take_their_place_by_priority_and_then_behind_those_at_start()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("start"))
            .Listen<SquareDrawn>(e => e.Seen.Add("start, low"), options => options.Priority = -1));
        var registry = Registry(application);
        registry.Listen<IHasArea>(e => ((SquareDrawn)e).Seen.Add("later"));
        registry.Listen<SquareDrawn>(e => e.Seen.Add("later, high"), priority: 1);
        registry.Listen<ShapeDrawn>(e => e.Seen.Add("last"), priority: -1);

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["later, high", "start", "later", "start, low", "last"]);
    }

    [Fact]
    public async Task Ten_thousand_listeners_come_run_and_go()
    {
        const int Many = 10_000;
        await using var application = await Application.StartAsync(_ => { });
        var runs = 0;
        var handles = new List<IDisposable>();

        // Each one used to cost as much as all before it: half a minute instead of an instant.
        for (var number = 0; number < Many; number++)
        {
            handles.Add(Registry(application).Listen<CircleDrawn>(_ => runs++));
        }

        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);
        handles.ForEach(handle => handle.Dispose());
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);

        runs.ShouldBe(Many);
    }

    [Fact]
    public async Task Listeners_can_come_and_go_on_many_threads_while_events_are_dispatched()
    {
        await using var application = await Application.StartAsync(_ => { });
        var factory = application.Services.GetRequiredService<IEventDispatcherFactory>();
        var lasting = 0;
        Registry(application).Listen<CircleDrawn>(_ => Interlocked.Increment(ref lasting));

        await Parallel.ForAsync(0, 200, Cancellation, async (_, token) =>
        {
            var mine = 0;
            using (Registry(application).Until(token).Listen<CircleDrawn>(_ => Interlocked.Increment(ref mine)))
            {
                await factory.DispatchInNewScopeAsync(new CircleDrawn(), token);
            }

            mine.ShouldBeGreaterThan(0);
        });

        lasting.ShouldBe(200);
        Directory(application).GetListeners(typeof(CircleDrawn)).Count.ShouldBe(1);
    }

    private static Listener Named(string id) => new(id, typeof(SquareDrawn), (object @event, in ListenerCall _) =>
    {
        ((SquareDrawn)@event).Seen.Add(id);
        return ValueTask.CompletedTask;
    });

    private static IListenerRegistry Registry(Application application) => application.Services.GetRequiredService<IListenerRegistry>();

    private static IListenerDirectory Directory(Application application) => application.Services.GetRequiredService<IListenerDirectory>();
}
