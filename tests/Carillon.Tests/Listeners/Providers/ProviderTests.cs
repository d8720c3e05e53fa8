using Carillon.Dispatch;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Listeners.Providers;
using Carillon.Tests.Generated;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners.Providers;

/// <summary>A6: providers are apart from the dispatcher, and compose.</summary>
public sealed class ProviderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 102
    public async Task An_aggregate_keeps_the_order_of_its_providers_and_theirs()
    {
        var events = EventDispatchers.Create(new AggregateProvider(Seeing("a1", "a2", priority: -5), Seeing("b1", "b2")));

        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["a1", "a2", "b1", "b2"]);
    }

    [Fact]
    public void An_aggregate_refuses_a_provider_that_is_null_with_its_place() =>
        Should.Throw<ArgumentException>(() => new AggregateProvider(ListenerCollection.Empty, null!, ListenerCollection.Empty))
            .Message.ShouldStartWith("Provider 2 of 3 is null. Leave it out, or give one that has no listeners.");

    [Fact] // Conformance 103, 104, 105
    public async Task A_type_with_a_provider_of_its_own_never_asks_the_other_one_even_if_it_gets_nothing()
    {
        var others = new Asked(Seeing("other"));
        var provider = new DelegatingProvider(others).For<SquareDrawn>(Seeing("square")).For<IHasArea>(Seeing("area")).For<StoppableDrawn>(ListenerCollection.Empty);
        var events = EventDispatchers.Create(provider);

        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["square"]);
        (await events.DispatchAsync(new StoppableDrawn(), Cancellation)).Seen.ShouldBeEmpty();
        (await events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBe(["other"]);

        others.Types.Distinct().ShouldBe([typeof(CircleDrawn)]);
    }

    [Fact] // Conformance 106
    public async Task Listeners_of_a_tag_are_called_beside_those_of_all_and_those_of_other_tags_are_not()
    {
        var tags = ListenerCollection.Empty
            .Listen<ShapeDrawn>(e => e.Seen.Add("tagged"), options => options.Id = "area:listener")
            .Listen<ShapeDrawn>(e => e.Seen.Add("other tag"), options => options.Id = "volume:listener");
        var events = EventDispatchers.Create(new AggregateProvider(
            new FilteringProvider(tags, (listener, eventType) => listener.Id.StartsWith("area:", StringComparison.Ordinal) && eventType.Type.IsAssignableTo(typeof(IHasArea))),
            Seeing("all")));

        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["tagged", "all"]);
        (await events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBe(["all"]);
    }

    [Fact]
    public async Task A_filter_leaves_out_listeners_until_it_is_refreshed()
    {
        var allowed = "a";
        var provider = new FilteringProvider(Seeing("a", "b"), (listener, _) => listener.Id == allowed);
        var events = EventDispatchers.Create(provider);
        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["a"]);

        allowed = "b";
        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["a"]);
        provider.Refresh();
        (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["b"]);
    }

    [Fact] // Conformance 33, 113
    public async Task A_provider_that_is_wrapped_for_reading_is_read_and_takes_no_listener()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerProvider>();
        var changes = 0;
        var provider = new ReadOnlyProvider(registry);
        provider.Changed += () => changes++;
        registry.AsRegistry().Listen<SquareDrawn>(_ => { });

        provider.GetListeners(new EventType(typeof(SquareDrawn), "square.drawn")).Count().ShouldBe(1);
        changes.ShouldBe(1);
        Should.Throw<CarillonException>(() => provider.AsRegistry()).Message.ShouldContain(typeof(ReadOnlyProvider).ToString());
    }

    [Fact] // Conformance 112
    public void Adding_to_a_collection_gives_a_new_one()
    {
        var one = ListenerCollection.Empty.Listen<SquareDrawn>(_ => { }, options => options.Id = "one");
        var two = one.Listen<SquareDrawn>(_ => { }, options => options.Id = "two");

        one.All.Count.ShouldBe(1);
        two.All.Select(listener => listener.Id).ShouldBe(["one", "two"]);
        Should.Throw<CarillonException>(() => two.Listen<CircleDrawn>(_ => { }, options => options.Id = "two")).Message.ShouldContain("'two'");
    }

    [Fact] // Conformance 114
    public async Task Two_dispatchers_can_share_a_provider()
    {
        var provider = Seeing("shared");

        foreach (var events in new[] { EventDispatchers.Create(provider), EventDispatchers.Create(provider) })
        {
            (await events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["shared"]);
        }
    }

    [Fact] // Conformance 115
    public async Task Only_the_entity_that_the_event_is_about_is_called()
    {
        var events = EventDispatchers.Create(new EntityCallbackProvider().For<CustomerRenamed>());
        Customer one = new(), other = new();

        await events.DispatchAsync(new CustomerRenamed(one, "Ada"), Cancellation);
        await events.DispatchAsync(new CustomerRenamed("no callback", "Ada"), Cancellation);

        one.Names.ShouldBe(["Ada"]);
        other.Names.ShouldBeEmpty();
    }

    [Fact] // Conformance 110
    public async Task A_service_that_a_generated_listener_needs_and_does_not_find_is_named()
    {
        await using var services = new ServiceCollection().AddCarillon(carillon => carillon.AddListeners()).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();

        var failed = await Should.ThrowAsync<InvalidOperationException>(
            async () => await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new LightChanged(1), Cancellation));

        failed.Message.ShouldContain(typeof(Ledger).ToString());
    }

    [Fact]
    public async Task An_application_puts_providers_around_its_own()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("allowed"), options => options.Id = "allowed")
            .Listen<SquareDrawn>(e => e.Seen.Add("forbidden"), options => options.Id = "forbidden")
            .UseProvider((_, own) => new FilteringProvider(own, (listener, _) => listener.Id != "forbidden"))
            .UseProvider((_, soFar) => new AggregateProvider(Seeing("first"), soFar)));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["first", "allowed"]);

        using var _ = application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn>(e => e.Seen.Add("added"));
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["first", "allowed", "added"]);

        using var muted = application.Services.GetRequiredService<IListenerRegistry>().Mute("first");
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["allowed", "added"]);
        application.Services.GetRequiredService<IListenerDirectory>().GetListeners(typeof(SquareDrawn)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_dispatcher_without_a_container_gives_listeners_the_services_it_was_given()
    {
        await using var services = new ServiceCollection().AddSingleton<Ledger>().BuildServiceProvider();
        var provider = ListenerCollection.Empty.Add(new Listener("seconds", typeof(LightChanged), (object e, in ListenerCall call) =>
        {
            call.Services.GetRequiredService<Ledger>().Seconds += ((LightChanged)e).Seconds;
            return ValueTask.CompletedTask;
        }));

        await EventDispatchers.Create(provider, services).DispatchAsync(new LightChanged(3), Cancellation);

        services.GetRequiredService<Ledger>().Seconds.ShouldBe(3);
    }

    private static ListenerCollection Seeing(string name, string? second = null, int priority = 0)
    {
        var listeners = ListenerCollection.Empty.Listen<ShapeDrawn>(e => e.Seen.Add(name), options => (options.Id, options.Priority) = (name, priority));
        return second is null ? listeners : listeners.Listen<ShapeDrawn>(e => e.Seen.Add(second), options => (options.Id, options.Priority) = (second, priority));
    }

    private sealed class Asked(IListenerProvider inner) : IListenerProvider
    {
        public event Action? Changed
        {
            add => inner.Changed += value;
            remove => inner.Changed -= value;
        }

        public List<Type> Types { get; } = [];

        public IEnumerable<Listener> GetListeners(EventType eventType)
        {
            Types.Add(eventType.Type);
            return inner.GetListeners(eventType);
        }
    }

    private sealed record CustomerRenamed(object Entity, string Name) : IEntityEvent;

    private sealed class Customer : IEntityCallback<CustomerRenamed>
    {
        public List<string> Names { get; } = [];

        public ValueTask OnEventAsync(CustomerRenamed @event, CancellationToken cancellationToken)
        {
            Names.Add(@event.Name);
            return ValueTask.CompletedTask;
        }
    }
}
