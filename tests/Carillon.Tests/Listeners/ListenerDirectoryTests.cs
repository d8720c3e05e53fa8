using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class ListenerDirectoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 7
    public async Task What_nobody_knows_has_no_listeners_and_no_priority()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { }, options => (options.Id, options.Priority) = ("square", 7)));
        var directory = Directory(application);

        directory.HasListeners<SquareDrawn>().ShouldBeTrue();
        directory.FindPriority<SquareDrawn>("square").ShouldBe(7);
        directory.FindPriority<SquareDrawn>("unknown").ShouldBeNull();
        directory.FindPriority<CircleDrawn>("square").ShouldBeNull();
        directory.HasListeners<CircleDrawn>().ShouldBeFalse();
        directory.GetListeners(new EventType(typeof(CircleDrawn), "circle.drawn")).ShouldBeEmpty();
    }

    [Fact] // Conformance 182, 186
    public async Task Nothing_is_made_to_answer_a_question()
    {
        await using var application = await Application.StartAsync(carillon => carillon.AddListener<Explosive, SquareDrawn>());

        Directory(application).HasListeners<SquareDrawn>().ShouldBeTrue();
        Directory(application).GetListeners(typeof(SquareDrawn)).ShouldHaveSingleItem().Id.ShouldBe(nameof(Explosive));
    }

    [Fact] // Conformance 112
    public async Task An_answer_is_not_changed_by_a_listener_that_comes_later()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => { }));
        var before = Directory(application).GetListeners(typeof(SquareDrawn));

        application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn>(_ => { });

        before.Count.ShouldBe(1);
        Directory(application).GetListeners(typeof(SquareDrawn)).Count.ShouldBe(2);
    }

    [Fact] // Conformance 34
    public async Task A_provider_that_is_added_twice_is_asked_once()
    {
        await using var application = await Application.StartAsync(carillon => carillon.AddProvider<OneListener>().AddProvider<OneListener>());

        Directory(application).GetListeners(typeof(SquareDrawn)).Select(listener => listener.Id).ShouldBe(["provided"]);
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["provided"]);
    }

    [Fact] // Conformance 176
    public async Task A_muted_listener_is_silent_until_it_is_heard_again()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("one"), options => options.Id = "one")
            .Listen<SquareDrawn>(e => e.Seen.Add("other")));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one", "other"]);

        var muted = registry.Mute("one");
        var again = registry.Mute("one");
        Directory(application).FindPriority<SquareDrawn>("one").ShouldBeNull();
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["other"]);
        muted.Dispose();
        muted.Dispose();
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["other"]);
        again.Dispose();

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one", "other"]);
    }

    [Fact] // Conformance 176
    public async Task A_muted_event_reaches_nobody_whichever_provider_the_listener_comes_from()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .AddProvider<OneListener>()
            .Listen<ShapeDrawn>(e => e.Seen.Add("built in")));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        using (registry.Mute<SquareDrawn>())
        {
            (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBeEmpty();
            (await application.Events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBe(["built in", "provided"]);
        }

        using (registry.Mute<object>())
        {
            (await application.Events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBeEmpty();
        }

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["built in", "provided"]);
    }

    private static IListenerDirectory Directory(Application application) => application.Services.GetRequiredService<IListenerDirectory>();

    private sealed class Explosive : IListener<SquareDrawn>
    {
        public Explosive() => throw new InvalidOperationException("Nobody asked for me.");

        public ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class OneListener : IListenerProvider
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IEnumerable<Listener> GetListeners(EventType eventType) =>
        [
            new("provided", typeof(ShapeDrawn), (object @event, in ListenerCall _) =>
            {
                ((ShapeDrawn)@event).Seen.Add("provided");
                return ValueTask.CompletedTask;
            }),
        ];
    }
}
