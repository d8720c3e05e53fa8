using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class ListenerRegistryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 164
    public async Task A_listener_added_at_run_time_runs_until_its_handle_is_disposed_and_disposing_twice_is_harmless()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        var drawn = new SquareDrawn();
        await application.Events.DispatchAsync(drawn, Cancellation);

        var handle = registry.Listen<SquareDrawn>(e => e.Seen.Add("seen"));
        await application.Events.DispatchAsync(drawn, Cancellation);
        handle.Dispose();
        handle.Dispose();
        await application.Events.DispatchAsync(drawn, Cancellation);

        drawn.Seen.ShouldBe(["seen"]);
    }

    [Fact]
    public async Task Everything_can_be_said_of_a_lambda_that_is_added_at_run_time()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("start"), options => options.Id = "start"));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        using var first = registry.Listen<SquareDrawn>(e => e.Seen.Add("first"), options => (options.Id, options.Before) = ("first", ["start"]));
        using var once = registry.Listen<SquareDrawn>(async (e, _) => { await Task.Yield(); e.Seen.Add("once"); }, options => options.After = ["start"], times: 1);
        using var stranger = registry.Listen<SquareDrawn>(e => e.Seen.Add("stranger"), options => options.Pattern = "circle.#");

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["first", "start", "once"]);
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["first", "start"]);
        registry.Remove("first").ShouldBeTrue();
    }

    [Fact]
    public async Task Everything_can_be_said_of_a_lambda_with_a_result_as_well()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn, string>(_ => "start", options => options.Id = "start"));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        using var first = registry.Listen<SquareDrawn, string>(async (_, _) => { await Task.Yield(); return "first"; }, options => options.Before = ["start"]);
        using var stranger = registry.Listen<SquareDrawn, string>(_ => "stranger", options => options.Pattern = "circle.#");

        (await application.Events.CollectAsync<string>(new SquareDrawn(), Cancellation)).ShouldBe(["first", "start"]);
    }

    [Fact]
    public async Task A_durable_lambda_at_run_time_is_refused_for_that_and_not_for_its_missing_id()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        Should.Throw<CarillonException>(() => registry.Listen<ReportPrinted>(_ => { }, options => options.Delivery = Delivery.Durable))
            .Message.ShouldContain("was added while the application runs. Deliveries that are already stored must find it when the host starts: add it in AddCarillon.");
    }

    [Fact] // Conformance 26
    public async Task A_listener_added_during_a_dispatch_runs_in_the_next_one()
    {
        IListenerRegistry? registry = null;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e =>
            {
                e.Seen.Add("old");
                registry!.Listen<SquareDrawn>(later => later.Seen.Add("new"), priority: -1);
            }));
        registry = application.Services.GetRequiredService<IListenerRegistry>();

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["old"]);
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["old", "new"]);
    }

    [Fact] // Conformance 28
    public async Task A_listener_removed_during_a_dispatch_still_runs_in_it()
    {
        IDisposable? later = null;
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => later!.Dispose()));
        later = application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn>(e => e.Seen.Add("later"), priority: -1);

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["later"]);
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBeEmpty();
    }

    [Fact] // Conformance 31, 179
    public async Task Removing_one_of_two_equal_lambdas_leaves_the_other()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        Action<SquareDrawn> handler = e => e.Seen.Add("seen");
        var one = registry.Listen(handler);
        registry.Listen(handler);

        one.Dispose();

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["seen"]);
    }

    [Fact]
    public async Task A_durable_listener_cannot_be_added_at_run_time()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        var error = Should.Throw<CarillonException>(() => registry.Add(
            new Listener("late", typeof(SquareDrawn), (object _, in ListenerCall _) => ValueTask.CompletedTask) { Delivery = Delivery.Durable }));

        error.Message.ShouldContain("'late'");
        error.Message.ShouldContain("add it in AddCarillon");
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_at_run_time()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => { }, options => options.Id = "taken"));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        Should.Throw<CarillonException>(() => registry.Add(
            new Listener("taken", typeof(CircleDrawn), (object _, in ListenerCall _) => ValueTask.CompletedTask))).Message.ShouldContain("'taken'");
    }

    [Fact] // Conformance 188
    public async Task Listeners_come_from_the_scope_of_the_dispatch()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<ScopedListener, SquareDrawn>(),
            services => services.AddScoped<PerScope>());

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await using var scope = application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new SquareDrawn(), Cancellation);

        application.Scope.GetRequiredService<PerScope>().Calls.ShouldBe(1);
        scope.ServiceProvider.GetRequiredService<PerScope>().Calls.ShouldBe(1);
    }

    [Fact] // Conformance 188
    public async Task A_scope_is_disposed_after_its_asynchronous_listeners_have_ended()
    {
        var log = new List<string>();
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<SlowListener, SquareDrawn>(), services => services.AddSingleton(log).AddScoped<Resource>());

        await application.Services.GetRequiredService<IEventDispatcherFactory>().DispatchInNewScopeAsync(new SquareDrawn(), Cancellation);

        log.ShouldBe(["begin", "end", "disposed"]);
    }

    [Fact] // Conformance 118
    public async Task A_listener_class_that_is_abstract_stops_the_start_by_its_name()
    {
        var error = await Should.ThrowAsync<Exception>(() => Application.StartAsync(carillon => carillon.AddListener<Unfinished, SquareDrawn>()));

        error.Message.ShouldContain(nameof(Unfinished));
    }

    [Fact] // Conformance 182, 183, 187
    public async Task A_listener_class_is_made_when_its_turn_comes_and_not_before()
    {
        var log = new List<string>();
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<FirstLazy, CircleDrawn>().AddListener<SecondLazy, CircleDrawn>(),
            services => services.AddSingleton(log));
        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        log.ShouldBeEmpty();

        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);

        log.ShouldBe(["make first", "run first", "make second", "run second"]);
    }

    [Theory] // Conformance 184: the DI lifetime of the listener decides
    [InlineData(ServiceLifetime.Singleton, 1)]
    [InlineData(ServiceLifetime.Scoped, 1)]
    [InlineData(ServiceLifetime.Transient, 2)]
    public async Task The_applications_own_registration_decides_the_lifetime_of_a_listener_class(ServiceLifetime lifetime, int made)
    {
        var log = new List<string>();
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<FirstLazy, CircleDrawn>(),
            services =>
            {
                services.AddSingleton(log);
                services.Add(new ServiceDescriptor(typeof(FirstLazy), typeof(FirstLazy), lifetime));
            });

        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);

        log.Count(entry => entry == "make first").ShouldBe(made);
    }

    private sealed class PerScope
    {
        public int Calls { get; set; }
    }

    private sealed class ScopedListener(PerScope scope) : IListener<SquareDrawn>
    {
        public ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken)
        {
            scope.Calls++;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Resource(List<string> log) : IDisposable
    {
        public void Use(string what) => log.Add(what);

        public void Dispose() => log.Add("disposed");
    }

    private sealed class SlowListener(Resource resource) : IListener<SquareDrawn>
    {
        public async ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken)
        {
            resource.Use("begin");
            await Task.Yield();
            resource.Use("end");
        }
    }

    private abstract class Unfinished : IListener<SquareDrawn>
    {
        public abstract ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken);
    }

    private sealed class FirstLazy : IListener<CircleDrawn>
    {
        private readonly List<string> _log;

        public FirstLazy(List<string> log) => (_log = log).Add("make first");

        public ValueTask HandleAsync(CircleDrawn @event, CancellationToken cancellationToken)
        {
            _log.Add("run first");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class SecondLazy : IListener<CircleDrawn>
    {
        private readonly List<string> _log;

        public SecondLazy(List<string> log) => (_log = log).Add("make second");

        public ValueTask HandleAsync(CircleDrawn @event, CancellationToken cancellationToken)
        {
            _log.Add("run second");
            return ValueTask.CompletedTask;
        }
    }

    private sealed record ReportPrinted(int Number);
}
