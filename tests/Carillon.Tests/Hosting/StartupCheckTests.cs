using Carillon.Deliveries.InMemory;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Tests.Hosting;

public sealed class StartupCheckTests
{
    [Fact]
    public async Task A_listener_whose_dependency_is_not_registered_stops_the_start()
    {
        var error = await FailAsync(carillon => carillon.AddListener(Needing(new ListenerDependency(typeof(IMissing)))));

        error.Problems.ShouldHaveSingleItem();
        error.Message.ShouldContain("'needy'");
        error.Message.ShouldContain(nameof(SquareDrawn));
        error.Message.ShouldContain(nameof(IMissing));
        error.Message.ShouldContain("Add it to the services");
    }

    [Fact] // Conformance 110, 118
    public async Task A_keyed_dependency_is_looked_for_under_its_key()
    {
        var error = await FailAsync(
            carillon => carillon.AddListener(Needing(new ListenerDependency(typeof(IMissing), "red"))),
            services => services.AddKeyedSingleton<IMissing, Present>("blue"));

        error.Message.ShouldContain("'red'");
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener(Needing(new ListenerDependency(typeof(IMissing), "red"))),
            services => services.AddKeyedSingleton<IMissing, Present>("red"));
    }

    [Fact]
    public async Task A_durable_listener_of_a_misspelled_name_is_told_the_one_that_may_have_been_meant()
    {
        var error = await FailAsync(carillon => carillon
            .UseInMemory()
            .AddEvent(new EventType(typeof(SquareDrawn), "square.drawn"))
            .Listen<NamedEvent>(_ => { }, options => (options.Delivery, options.Id, options.Pattern) = (Delivery.Durable, "painter", "square.drwan")));

        error.Message.ShouldContain("'painter' listens to 'square.drwan'");
        error.Message.ShouldContain("Did you mean 'square.drawn'? Add the event with AddListeners()");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_class_whose_constructor_lacks_a_service_stops_the_start(bool registeredByHand)
    {
        var error = await FailAsync(
            carillon => carillon.AddListener<Built, SquareDrawn>(options => options.Id = "built"),
            services =>
            {
                if (registeredByHand)
                {
                    services.AddSingleton<Built>();
                }
            });

        error.Problems.ShouldHaveSingleItem();
        error.Message.ShouldContain("'built'");
        error.Message.ShouldContain(nameof(SquareDrawn));
        error.Message.ShouldContain(nameof(IMissing));
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<Built, SquareDrawn>(), services => services.AddSingleton<IMissing, Present>());
    }

    [Fact]
    public async Task A_hosted_service_that_takes_the_scoped_dispatcher_is_named()
    {
        var error = await FailAsync(_ => { }, services => services.AddHostedService<Clockwork>());

        error.Message.ShouldContain(nameof(Clockwork));
        error.Message.ShouldContain("IEventDispatcherFactory");
    }

    [Fact] // Conformance 21
    public async Task Two_listeners_with_one_id_stop_the_start()
    {
#pragma warning disable CARILLON008 // The start has to say it too, for ids that no compiler sees.
        var error = await FailAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { }, options => options.Id = "same")
            .Listen<CircleDrawn>(_ => { }, options => options.Id = "same"));
#pragma warning restore CARILLON008

        error.Message.ShouldContain("'same'");
        error.Message.ShouldContain(nameof(SquareDrawn));
        error.Message.ShouldContain(nameof(CircleDrawn));
    }

    [Fact] // Conformance 121
    public async Task One_listener_added_twice_is_one_listener()
    {
        var listener = new Listener("one", typeof(SquareDrawn), (object @event, in ListenerCall _) =>
        {
            ((SquareDrawn)@event).Seen.Add("once");
            return ValueTask.CompletedTask;
        });
        await using var application = await Application.StartAsync(carillon => carillon.AddListener(listener).AddListener(listener));

        (await application.Events.DispatchAsync(new SquareDrawn(), TestContext.Current.CancellationToken)).Seen.ShouldBe(["once"]);
    }

    [Fact] // Conformance 12, 13: each explicit registration runs, and the duplicate is reported at start
    public async Task One_lambda_registered_twice_runs_twice_and_is_reported()
    {
        Action<SquareDrawn> handler = e => e.Seen.Add("seen");
        await using var application = await Application.StartAsync(carillon => carillon.Listen(handler).Listen(handler));

        (await application.Events.DispatchAsync(new SquareDrawn(), TestContext.Current.CancellationToken)).Seen.Count.ShouldBe(2);
        application.Log.Entries.ShouldContain(entry => entry.Id == 300 && entry.Message.Contains("twice"));
    }

    [Fact]
    public async Task Two_events_with_one_name_stop_the_start()
    {
        var error = await FailAsync(carillon => carillon.AddEvent<NumberCounted>().AddEvent<OtherCounted>());

        error.Message.ShouldContain("'number.counted'");
        error.Message.ShouldContain(nameof(OtherCounted));
    }

    [Fact]
    public async Task An_event_name_that_is_no_name_stops_the_start()
    {
        var error = await FailAsync(carillon => carillon.AddEvent(new Carillon.Events.EventType(typeof(SquareDrawn), "no spaces. please")));

        error.Message.ShouldContain("'no spaces. please'");
    }

    [Fact]
    public async Task A_durable_listener_without_a_store_stops_the_start()
    {
        var error = await FailAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable));

        error.Message.ShouldContain("'durable'");
        error.Message.ShouldContain("UseSqlite");
    }

    [Theory] // B13 at start, as far as the contract tells
    [InlineData(typeof(WithDelegate), "callback")]
    [InlineData(typeof(WithInterface), "shape")]
    [InlineData(typeof(WithoutConstructor), "no constructor")]
    [InlineData(typeof(WithNested), "inner.token")]
    public async Task A_durable_event_that_cannot_be_serialized_stops_the_start(Type eventType, string part)
    {
        var error = await FailAsync(carillon => carillon
            .UseInMemory()
            .AddEvent(new Carillon.Events.EventType(eventType, "bad.event"))
            .AddListener(new Listener("durable", eventType, (object _, in ListenerCall _) => ValueTask.CompletedTask) { Delivery = Delivery.Durable }));

        error.Message.ShouldContain("'bad.event'");
        error.Message.ShouldContain("'durable'");
        error.Message.ShouldContain(part);
    }

    [Fact]
    public async Task A_durable_lambda_without_an_id_is_refused_where_it_is_written()
    {
        await Task.CompletedTask;
        var error = Should.Throw<CarillonException>(() => new ServiceCollection().AddCarillon(carillon => carillon
            .Listen<NumberCounted>(_ => { }, options => options.Delivery = Delivery.Durable)));

        error.Message.ShouldContain("ListenOptions.Id");
    }

    [Fact]
    public async Task A_singleton_that_takes_the_scoped_dispatcher_stops_the_start_with_advice()
    {
        var error = await FailAsync(_ => { }, services => services.AddSingleton<TakesDispatcher>());

        error.Message.ShouldContain(nameof(TakesDispatcher));
        error.Message.ShouldContain("IEventDispatcherFactory");
    }

    [Fact]
    public async Task The_dispatcher_is_refused_outside_of_a_scope_with_advice()
    {
        await using var application = await Application.StartAsync(_ => { });

        var error = Should.Throw<CarillonException>(() => application.Services.GetRequiredService<IEventDispatcher>());

        error.Message.ShouldContain("IEventDispatcherFactory");
    }

    [Fact]
    public async Task A_singleton_dispatches_through_the_factory_in_a_scope_of_its_own()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("seen")));
        var factory = application.Services.GetRequiredService<IEventDispatcherFactory>();

        (await factory.DispatchInNewScopeAsync(new SquareDrawn(), TestContext.Current.CancellationToken)).Seen.ShouldBe(["seen"]);
    }

    [Fact]
    public async Task All_problems_are_named_together()
    {
        var error = await FailAsync(carillon => carillon
            .AddListener(Needing(new ListenerDependency(typeof(IMissing))))
            .Listen<NumberCounted>(_ => { }, Durable));

        error.Problems.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Options_out_of_range_stop_the_start_with_every_fault()
    {
        var error = await Should.ThrowAsync<OptionsValidationException>(() => Application.StartAsync(carillon => carillon
            .ConfigureWorker(worker =>
            {
                worker.BatchSize = 0;
                worker.LeaseDuration = TimeSpan.FromMilliseconds(1);
                worker.PollInterval = TimeSpan.Zero;
            })));

        error.Failures.Count().ShouldBe(3);
        error.Message.ShouldContain("BatchSize is 0");
    }

    [Fact]
    public async Task A_worker_that_is_left_no_queue_stops_the_start()
    {
        var error = await Should.ThrowAsync<OptionsValidationException>(() => Application.StartAsync(carillon => carillon.ConfigureWorker(worker => worker.Queues = [])));

        error.Failures.ShouldHaveSingleItem().ShouldStartWith("WorkerOptions.Queues names no queue, so nothing would ever run.");
    }

    [Fact]
    public async Task The_store_that_is_chosen_last_counts()
    {
        var store = new InMemoryDeliveryStore();
        await using var application = await Application.StartAsync(
            carillon => carillon.UseInMemory().UseStore(_ => store));

        application.Services.GetRequiredService<Carillon.Deliveries.IDeliveryStore>().ShouldBeSameAs(store);
    }

    private static void Durable(ListenOptions options) => (options.Delivery, options.Id) = (Delivery.Durable, "durable");

    private static Listener Needing(params ListenerDependency[] dependencies) =>
        new("needy", typeof(SquareDrawn), (object _, in ListenerCall _) => ValueTask.CompletedTask) { Dependencies = dependencies };

    private static Task<CarillonConfigurationException> FailAsync(
        Action<CarillonBuilder> configure, Action<IServiceCollection>? configureServices = null) =>
        Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(configure, configureServices));

    private interface IMissing;

    private sealed class Present : IMissing;

    private sealed class Built(IMissing missing, int optional = 1) : IListener<SquareDrawn>
    {
        public ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken)
        {
            @event.Seen.Add($"{missing} {optional}");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Clockwork(IEventDispatcher events) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => events.DispatchAsync(new SquareDrawn(), stoppingToken).AsTask();
    }

    private sealed class TakesDispatcher(IEventDispatcher events)
    {
        public IEventDispatcher Events => events;
    }

    [Event("number.counted")]
    private sealed record OtherCounted;

    private sealed record WithDelegate(Action Callback);

    private sealed record WithInterface(IHasArea Shape);

    private sealed class WithoutConstructor
    {
        private WithoutConstructor()
        {
        }

        public static WithoutConstructor Make() => new();
    }

    private sealed record WithNested(Inner Inner);

    private sealed record Inner(CancellationToken Token);
}
