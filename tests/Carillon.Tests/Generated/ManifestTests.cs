using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

/// <summary>What a manifest keeps closed until its event is dispatched is there for everybody who asks.</summary>
public sealed class ManifestTests
{
    private const string HarbourId = "HarbourListeners.Wave";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listener_that_is_alone_runs()
    {
        await using var application = await StartAsync();

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["harbour"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_of_the_framework_has_one_name_and_reaches_it(bool addedInCode)
    {
        var seen = VersionListeners.Seen.Value = [];
        await using var application = await StartAsync(configure: carillon => _ = addedInCode ? carillon.Listen<Version>(seen.Add) : carillon);

        await application.Events.DispatchAsync(new Version(1, 2), Cancellation);

        seen.Count.ShouldBe(addedInCode ? 2 : 1);
    }

    [Fact]
    public async Task It_takes_its_place_among_listeners_that_are_added_one_by_one()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<FerryDeparted>(e => e.Seen.Add("before"))
            .AddListeners()
            .UseInMemory()
            .Listen<FerryDeparted>(e => e.Seen.Add("after"))
            .Listen<object>(e => ((FerryDeparted)e).Seen.Add("first of all"), options => options.Priority = 1), AddServices);
        using var _ = application.Services.GetRequiredService<IListenerRegistry>().Listen<FerryDeparted>(e => e.Seen.Add("at run time"));

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen
            .ShouldBe(["first of all", "before", "harbour", "after", "at run time"]);
    }

    [Fact] // Conformance 15, 20
    public async Task It_can_be_named_by_those_that_come_before_and_after_it()
    {
        await using var application = await StartAsync(configure: carillon => carillon
            .Listen<FerryDeparted>(e => e.Seen.Add("before"), options => options.Before = [HarbourId])
            .Listen<FerryDeparted>(e => e.Seen.Add("after"), options => (options.Priority, options.After) = (1, [HarbourId])));

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["before", "harbour", "after"]);
    }

    [Fact]
    public async Task A_listener_that_comes_before_and_after_it_stops_the_start()
    {
        var error = await FailAsync(carillon => carillon
            .Listen<FerryDeparted>(_ => { }, options => (options.Id, options.Before, options.After) = ("ferry", [HarbourId], [HarbourId])));

        error.Problems.ShouldHaveSingleItem().ShouldContain($"'{HarbourId}'");
    }

    [Fact] // A5
    public async Task What_its_event_says_of_errors_in_code_counts_though_it_has_a_plan()
    {
        await using var application = await StartAsync(configure: carillon => carillon.AddEvent<FerryDeparted>(options => options.Errors = EventErrors.Isolate));

        var error = await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(new FerryDeparted(null!), Cancellation));

        error.Failures.ShouldHaveSingleItem().ListenerId.ShouldBe(HarbourId);
    }

    [Fact] // A2
    public async Task It_receives_events_of_derived_types_that_the_generator_did_not_see()
    {
        await using var application = await StartAsync();

        (await application.Events.DispatchAsync(new NightTramDelayed([]), Cancellation)).Seen.ShouldBe(["tram"]);
    }

    [Fact]
    public async Task An_instance_that_the_application_registers_counts()
    {
        await using var application = await StartAsync(services => services.AddSingleton(new HarbourListeners { Sound = "horn" }));

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["horn"]);
    }

    [Fact] // Conformance 21
    public async Task Its_id_is_taken()
    {
        var error = await FailAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, options => options.Id = HarbourId));

        error.Message.ShouldContain($"'{HarbourId}'");
        error.Message.ShouldContain(nameof(FerryDeparted));
        error.Message.ShouldContain(nameof(NumberCounted));
    }

    [Fact] // Conformance 21
    public async Task Its_id_is_taken_at_run_time_too()
    {
        await using var application = await StartAsync();
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        Should.Throw<CarillonException>(() => registry.Add(new Listener(HarbourId, typeof(NumberCounted), (object _, in ListenerCall _) => ValueTask.CompletedTask)))
            .Message.ShouldContain($"'{HarbourId}'");
    }

    [Fact]
    public async Task The_name_of_its_event_is_taken()
    {
        var error = await FailAsync(carillon => carillon.AddEvent(new EventType(typeof(NumberCounted), "ferry.departed")));

        error.Message.ShouldContain("'ferry.departed'");
        error.Message.ShouldContain(nameof(FerryDeparted));
        error.Message.ShouldContain(nameof(NumberCounted));
    }

    [Fact]
    public async Task What_code_says_of_its_event_counts()
    {
        EventContext? context = null;
        await using var application = await Application.StartAsync(carillon => carillon
            .AddListeners()
            .UseInMemory()
            .AddEvent(new EventType(typeof(FerryDeparted), "ship.departed"))
            .Listen<FerryDeparted>((_, given, _) =>
            {
                context = given;
                return ValueTask.CompletedTask;
            }), AddServices);

        await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation);

        context.ShouldNotBeNull().EventName.ShouldBe("ship.departed");
    }

    private static Task<Application> StartAsync(Action<IServiceCollection>? configureServices = null, Action<CarillonBuilder>? configure = null) =>
        Application.StartAsync(
            carillon =>
            {
                carillon.AddListeners().UseInMemory();
                configure?.Invoke(carillon);
            },
            services =>
            {
                AddServices(services);
                configureServices?.Invoke(services);
            });

    private static Task<CarillonConfigurationException> FailAsync(Action<CarillonBuilder> configure) =>
        Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(
            carillon =>
            {
                carillon.AddListeners().UseInMemory();
                configure(carillon);
            },
            AddServices));

    private static void AddServices(IServiceCollection services) =>
        services.AddSingleton<Clock>().AddSingleton<Ledger>().AddKeyedSingleton("red", "red");

    private sealed record NightTramDelayed(List<string> Seen) : TramDelayed(Seen);
}
