using System.Diagnostics;
using Carillon.Background;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Background;

/// <summary>What a background listener is to those who write and call it.</summary>
public sealed class BackgroundListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // A14
    public async Task A_background_listener_runs_after_the_dispatch_on_the_same_instance()
    {
        var go = NewSignal();
        var seen = new List<object>();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(
                async (e, _) =>
                {
                    await go.Task;
                    seen.Add(e);
                },
                InBackground));
        var drawn = new SquareDrawn();

        await application.Events.DispatchAsync(drawn, Cancellation);
        seen.ShouldBeEmpty();
        go.SetResult();
        await IdleAsync(application);

        seen.ShouldHaveSingleItem().ShouldBeSameAs(drawn);
    }

    [Theory] // As a durable listener: noted when the dispatch came past its place
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public async Task A_background_listener_takes_part_if_the_dispatch_came_past_its_place(int priorityOfTheStop, int runs)
    {
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<StoppableDrawn>(e => e.IsPropagationStopped = true, options => options.Priority = priorityOfTheStop)
            .Listen<StoppableDrawn>(_ => Interlocked.Increment(ref ran), InBackground));

        await application.Events.DispatchAsync(new StoppableDrawn(), Cancellation);
        await IdleAsync(application);

        ran.ShouldBe(runs);
    }

    [Theory] // As for durable listeners: a dispatch that failed leaves nothing behind
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Nothing_runs_in_the_background_for_a_dispatch_that_threw(int priorityOfTheFault)
    {
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => throw new InvalidOperationException("no"), options => options.Priority = priorityOfTheFault)
            .Listen<SquareDrawn>(_ => Interlocked.Increment(ref ran), InBackground));

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation));
        await IdleAsync(application);

        ran.ShouldBe(0);
    }

    [Fact] // As for durable listeners: who isolates failures has all that can run, run
    public async Task Where_failures_are_isolated_the_background_runs_all_the_same()
    {
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .AddEvent<SquareDrawn>(options => options.Errors = EventErrors.Isolate)
            .Listen<SquareDrawn>(_ => throw new InvalidOperationException("no"))
            .Listen<SquareDrawn>(_ => Interlocked.Increment(ref ran), InBackground));

        await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation));
        await IdleAsync(application);

        ran.ShouldBe(1);
    }

    [Fact] // Conformance 131
    public async Task What_a_background_listener_throws_is_logged_with_event_and_listener_and_does_not_reach_the_emitter()
    {
        var thrown = new InvalidOperationException("no");
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                e =>
                {
                    Interlocked.Increment(ref ran);
                    throw thrown;
                },
                options => (options.Delivery, options.Id) = (Delivery.Background, "mail")));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        await IdleAsync(application);

        ran.ShouldBe(2);
        var entry = application.Log.Entries.First(entry => entry.Id == 400);
        entry.Message.ShouldContain("mail");
        entry.Message.ShouldContain("number.counted");
        entry.Exception.ShouldBeSameAs(thrown);
    }

    [Fact] // Conformance 135
    public async Task Whoever_listens_to_failures_hears_of_one_in_the_background()
    {
        var thrown = new InvalidOperationException("no");
        var heard = new List<ListenerFailed>();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => throw thrown, options => (options.Delivery, options.Id) = (Delivery.Background, "mail"))
            .Listen<ListenerFailed>(heard.Add));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await IdleAsync(application);

        heard.ShouldBe([new ListenerFailed("mail", "number.counted", new NumberCounted(1), thrown)]);
    }

    [Theory] // Conformance 135, 137
    [InlineData(Delivery.Inline, 401)]
    [InlineData(Delivery.Background, 400)]
    public async Task A_failure_of_whoever_listens_to_failures_is_logged_and_goes_no_further(Delivery delivery, int logged)
    {
        var heard = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("first"), InBackground)
            .Listen<ListenerFailed>(
                _ =>
                {
                    Interlocked.Increment(ref heard);
                    throw new InvalidOperationException("second");
                },
                options => options.Delivery = delivery));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await IdleAsync(application);

        heard.ShouldBe(1);
        application.Log.Entries.ShouldContain(entry => entry.Id == logged && entry.Exception!.Message == "second");
    }

    [Fact] // Conformance 188: the scope of the dispatch may be gone; that of the run is its own and ends after it
    public async Task Each_run_has_a_scope_of_its_own_that_is_disposed_after_it()
    {
        var log = new List<string>();
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<Scoped, SquareDrawn>(InBackground),
            services => services.AddScoped<Disposed>().AddSingleton(log));

        for (var dispatch = 0; dispatch < 2; dispatch++)
        {
            await application.Services.GetRequiredService<IEventDispatcherFactory>().DispatchInNewScopeAsync(new SquareDrawn(), Cancellation);
            await IdleAsync(application);
        }

        log.ShouldBe(["run", "disposed", "run", "disposed"]);
    }

    [Fact]
    public async Task The_context_of_a_background_listener_is_its_own_with_the_id_of_the_event()
    {
        var ids = new List<Guid>();
        EventContext? own = null;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>((_, context, _) =>
            {
                ids.Add(context.EventId);
                return ValueTask.CompletedTask;
            })
            .Listen<SquareDrawn>(
                (_, context, token) =>
                {
                    own = context;
                    ids.Add(context.EventId);
                    context.CancellationToken.ShouldBe(token);
                    return ValueTask.CompletedTask;
                },
                InBackground));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await IdleAsync(application);

        ids.Count.ShouldBe(2);
        ids[0].ShouldBe(ids[1]);
        own!.EventName.ShouldBe("square.drawn");
        own.Dispatcher.ShouldNotBeSameAs(application.Events);
        Should.Throw<InvalidOperationException>(own.StopPropagation).Message.ShouldContain("A background listener");
    }

    [Fact]
    public async Task The_token_and_the_async_locals_of_the_emitter_do_not_reach_a_background_listener()
    {
        var local = new AsyncLocal<string> { Value = "emitter" };
        var seen = "unset";
        using var source = new CancellationTokenSource();
        var token = source.Token;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(
                (_, own) =>
                {
                    (seen, token) = (local.Value ?? "nothing", own);
                    return ValueTask.CompletedTask;
                },
                InBackground));

        await application.Events.DispatchAsync(new SquareDrawn(), source.Token);
        await IdleAsync(application);

        seen.ShouldBe("nothing");
        token.ShouldNotBe(source.Token);
    }

    [Fact]
    public async Task The_span_of_a_run_belongs_to_that_of_the_dispatch()
    {
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Carillon",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(spans);
        Activity? run = null;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => run = Activity.Current, options => (options.Delivery, options.Id) = (Delivery.Background, "traced")));
        using var request = new Activity("request").Start();

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await IdleAsync(application);

        run!.TraceId.ShouldBe(request.TraceId);
        run.ParentSpanId.ShouldBe(request.SpanId);
        run.GetTagItem("carillon.listener.id").ShouldBe("traced");
    }

    [Fact]
    public async Task A_durable_and_a_background_listener_of_one_event_are_told_the_same_id()
    {
        var ids = new List<Guid>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .Listen<NumberCounted>(See, options => (options.Delivery, options.Id) = (Delivery.Durable, "durable"))
            .Listen<NumberCounted>(See, options => (options.Delivery, options.Id) = (Delivery.Background, "background")));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await Waiting.UntilAsync(() => Task.FromResult(Count() == 2));

        ids[0].ShouldBe(ids[1]);

        ValueTask See(NumberCounted e, EventContext context, CancellationToken token)
        {
            lock (ids)
            {
                ids.Add(context.EventId);
            }

            return ValueTask.CompletedTask;
        }

        int Count()
        {
            lock (ids)
            {
                return ids.Count;
            }
        }
    }

    [Fact]
    public async Task A_background_listener_can_come_and_go_if_the_application_runs_such_listeners()
    {
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon.UseBackground());
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        using (registry.Add(Counting("counting", () => ran++)))
        {
            await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        }

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await IdleAsync(application);

        ran.ShouldBe(1);
    }

    [Fact]
    public async Task A_background_listener_that_comes_to_an_application_without_any_is_refused_with_advice()
    {
        await using var application = await Application.StartAsync(_ => { });

        var error = Should.Throw<CarillonException>(() => application.Services.GetRequiredService<IListenerRegistry>()
            .Add(Counting("late", () => { })));

        error.Message.ShouldContain("'late'");
        error.Message.ShouldContain("UseBackground()");
    }

    [Fact] // What nobody uses costs nothing
    public void Without_background_listeners_nothing_of_them_is_registered()
    {
        var services = new ServiceCollection();

        services.AddCarillon(carillon => carillon.Listen<SquareDrawn>(_ => { }));

        services.ShouldNotContain(service => service.ServiceType.Namespace!.StartsWith("Carillon.Background", StringComparison.Ordinal));
    }

    private static Listener Counting(string id, Action count) => new(id, typeof(SquareDrawn), (object _, in ListenerCall _) =>
    {
        count();
        return ValueTask.CompletedTask;
    })
    {
        Delivery = Delivery.Background,
    };

    private static void InBackground(ListenOptions options) => options.Delivery = Delivery.Background;

    private static Task IdleAsync(Application application) => application.Services.GetRequiredService<IBackgroundListeners>().WhenIdleAsync(Cancellation);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Disposed(List<string> log) : IDisposable
    {
        public void Run() => log.Add("run");

        public void Dispose() => log.Add("disposed");
    }

    private sealed class Scoped(Disposed scope) : IListener<SquareDrawn>
    {
        public async ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken)
        {
            await Task.Yield();
            scope.Run();
        }
    }
}
