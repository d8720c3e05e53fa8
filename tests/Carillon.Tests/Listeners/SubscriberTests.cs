using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class SubscriberTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 157, 158, 160
    public async Task A_subscriber_says_in_code_what_it_listens_to_and_at_which_priority()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .AddSubscriber<InCode>()
            .Listen<SquareDrawn>(e => e.Seen.Add("0, later")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["first", "plain", "0, later", "awaited"]);
        (await application.Events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBe(["circle circle.drawn"]);
        Directory(application).FindPriority<SquareDrawn>("InCode.SquareDrawn").ShouldBe(0);
        Directory(application).FindPriority<SquareDrawn>("InCode.SquareDrawn-2").ShouldBe(10);
    }

    [Fact] // Conformance 160
    public async Task A_subscriber_may_give_a_map_instead()
    {
        await using var application = await Application.StartAsync(carillon => carillon.AddSubscriber<AsMap>());

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["second", "first"]);
    }

    [Fact] // Conformance 121
    public async Task A_subscriber_that_is_added_twice_runs_once()
    {
        await using var application = await Application.StartAsync(carillon => carillon.AddSubscriber<AsMap>().AddSubscriber<AsMap>());

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.Count.ShouldBe(2);
    }

    [Fact] // Conformance 123, 182, 183
    public async Task No_subscriber_is_made_before_an_event_of_its_own()
    {
        var log = new List<string>();
        await using var application = await Application.StartAsync(
            carillon => carillon.AddSubscriber<Counting>(), services => services.AddSingleton(log));
        Directory(application).HasListeners<SquareDrawn>().ShouldBeTrue();
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);
        log.ShouldBeEmpty();

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        log.ShouldBe(["made", "one", "two"]);
    }

    [Theory] // Conformance 184
    [InlineData(ServiceLifetime.Singleton, 1)]
    [InlineData(ServiceLifetime.Scoped, 2)]
    [InlineData(ServiceLifetime.Transient, 4)]
    public async Task The_lifetime_of_a_subscriber_decides_how_many_there_are(ServiceLifetime lifetime, int made)
    {
        var log = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon.AddSubscriber<Counting>(), services =>
        {
            services.AddSingleton(log);
            services.Add(new ServiceDescriptor(typeof(Counting), typeof(Counting), lifetime));
        });
        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        await application.Services.GetRequiredService<IEventDispatcherFactory>().DispatchInNewScopeAsync(new SquareDrawn(), Cancellation);

        log.Count(entry => entry == "made").ShouldBe(made);
    }

    [Fact]
    public async Task A_subscriber_that_listens_to_nothing_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon.AddSubscriber<Idle>()));

        error.Message.ShouldContain(nameof(Idle));
        error.Message.ShouldContain("listens to nothing");
    }

    [Fact]
    public async Task A_durable_subscription_without_an_id_is_refused_where_it_is_written()
    {
        var error = await Should.ThrowAsync<CarillonException>(() => Application.StartAsync(carillon => carillon.AddSubscriber<Forgetful>()));

        error.Message.ShouldContain(nameof(Forgetful));
        error.Message.ShouldContain("ListenOptions.Id");
    }

    private static IListenerDirectory Directory(Application application) => application.Services.GetRequiredService<IListenerDirectory>();

    private sealed class InCode : IEventSubscriber<InCode>
    {
        public static void Subscribe(Subscriptions<InCode> subscriptions) => subscriptions
            .On<SquareDrawn>((self, e) => self.See(e, "plain"))
            .On<SquareDrawn>((self, e) => self.See(e, "first"), options => options.Priority = 10)
            .On<SquareDrawn>(async (self, e) => await self.SeeLaterAsync(e), options => options.Priority = -1)
            .On<CircleDrawn>((self, e, context, _) =>
            {
                self.See(e, $"circle {context.EventName}");
                return ValueTask.CompletedTask;
            });

        private void See(ShapeDrawn e, string what) => e.Seen.Add(what);

        private async Task SeeLaterAsync(SquareDrawn e)
        {
            await Task.Yield();
            See(e, "awaited");
        }
    }

    private sealed class AsMap : IEventSubscriber<AsMap>
    {
        public static IEnumerable<Subscription<AsMap>> Subscriptions =>
        [
            Subscription<AsMap>.To<SquareDrawn>((self, e) => self.First(e)),
            Subscription<AsMap>.To<ShapeDrawn>((self, e) => self.Second(e), options => options.Priority = 1),
        ];

        private void First(SquareDrawn e) => e.Seen.Add("first");

        private void Second(ShapeDrawn e) => e.Seen.Add("second");
    }

    private sealed class Counting : IEventSubscriber<Counting>
    {
        private readonly List<string> _log;

        public Counting(List<string> log) => (_log = log).Add("made");

        public static void Subscribe(Subscriptions<Counting> subscriptions) => subscriptions
            .On<SquareDrawn>((self, _) => self._log.Add("one"))
            .On<SquareDrawn>((self, _) => self._log.Add("two"));
    }

    private sealed class Idle : IEventSubscriber<Idle>;

    private sealed class Forgetful : IEventSubscriber<Forgetful>
    {
        public static void Subscribe(Subscriptions<Forgetful> subscriptions) =>
            subscriptions.On<NumberCounted>((_, _) => { }, options => options.Delivery = Delivery.Durable);
    }
}
