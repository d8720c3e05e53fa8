using Carillon.Deliveries;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

/// <summary>What is said of durable listeners and cannot be.</summary>
public sealed class DurableWordsTests
{
    public static TheoryData<string, Action<ListenOptions>> Contradictions => new()
    {
        { "is ordered and has MaxPerKey = 2", options => (options.Ordered, options.MaxPerKey) = (true, 2) },
        { "has MaxPerKey = -1", options => options.MaxPerKey = -1 },
        { "skips failed deliveries, but it is not ordered", options => options.SkipsFailed = true },
        { "has a time-out of 0 seconds", options => options.Timeout = TimeSpan.Zero },
        { "remembers events for -1 seconds", options => options.Remember = TimeSpan.FromSeconds(-1) },
        { "remembers events although it is transactional", options => (options.Transactional, options.Remember) = (true, TimeSpan.FromDays(1)) },
        { "has an empty queue", options => options.Queue = "" },
        { "has the queue 'to mail'", options => options.Queue = "to mail" },
        { "has a queue whose name has 101 characters", options => options.Queue = new string('q', 101) },
        { "is unique until it is done and replaces", options => options.Unique = new ListenerUniqueness { Replaces = true } },
        { "is unique for a time and replaces", options => options.Unique = new ListenerUniqueness(UniqueUntil.Started) { Replaces = true, For = TimeSpan.FromSeconds(1) } },
        { "is unique for 0 seconds", options => options.Unique = new ListenerUniqueness { For = TimeSpan.Zero } },
        { "waits for 0 seconds at the most", options => options.Unique = new ListenerUniqueness(UniqueUntil.Started) { Replaces = true, MaxWait = TimeSpan.Zero } },
        { "says how long it waits at the most", options => options.Unique = new ListenerUniqueness(UniqueUntil.Started) { MaxWait = TimeSpan.FromSeconds(1) } },
    };

    public static TheoryData<string, Action<ListenOptions>> DurableOnly => new()
    {
        { "says a queue", options => options.Queue = "mail" },
        { "says a time-out", options => options.Timeout = TimeSpan.FromSeconds(1) },
        { "says Transactional", options => options.Transactional = true },
        { "says Ordered", options => options.Ordered = true },
        { "says MaxPerKey", options => options.MaxPerKey = 2 },
        { "says SkipsFailed", options => options.SkipsFailed = true },
        { "says for how long events are remembered", options => options.Remember = TimeSpan.FromSeconds(1) },
        { "says that its events are unique", options => options.Unique = new ListenerUniqueness() },
    };

    [Theory] // Conformance 256 and others
    [MemberData(nameof(Contradictions))]
    public async Task A_contradiction_stops_the_start(string message, Action<ListenOptions> say) =>
        (await FailToStartAsync(Delivery.Durable, say)).ShouldContain(problem => problem.StartsWith($"The listener 'odd' of 'Carillon.Tests.NumberCounted' {message}"));

    [Theory]
    [MemberData(nameof(DurableOnly))]
    public async Task What_only_durable_listeners_have_is_said_of_no_other(string message, Action<ListenOptions> say)
    {
        (await FailToStartAsync(Delivery.Inline, say)).ShouldHaveSingleItem().ShouldStartWith($"The listener 'odd' of 'Carillon.Tests.NumberCounted' {message}, but it is inline");
        (await FailToStartAsync(Delivery.Background, say)).ShouldHaveSingleItem().ShouldContain("but it is background");
    }

    [Fact]
    public async Task A_listener_that_comes_while_the_application_runs_cannot_say_it_either()
    {
        await using var application = await Application.StartAsync(_ => { });

        Should.Throw<CarillonException>(() => application.Services.GetRequiredService<IListenerRegistry>()
                .Add(new Listener("late", typeof(NumberCounted), (object _, in ListenerCall _) => ValueTask.CompletedTask) { Queue = "mail" }))
            .Message.ShouldContain("says a queue, but it is inline");
    }

    [Fact]
    public async Task What_is_said_of_a_class_or_a_lambda_is_said_of_its_listener()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .RunDeliveriesByHand()
            .Listen<NumberCounted>(_ => { }, options =>
            {
                (options.Delivery, options.Id, options.Queue, options.Ordered, options.SkipsFailed) = (Delivery.Durable, "all", "mail", true, true);
                (options.Timeout, options.Remember, options.Unique) = (TimeSpan.FromSeconds(5), TimeSpan.FromDays(1), new ListenerUniqueness(UniqueUntil.Started) { Replaces = true });
            }));

        var listener = application.Services.GetRequiredService<IListenerProvider>()
            .GetListeners(new Carillon.Events.EventType(typeof(NumberCounted), "number.counted", 1)).ShouldHaveSingleItem();

        (listener.Queue, listener.Ordered, listener.SkipsFailed, listener.Timeout, listener.Remember).ShouldBe(("mail", true, true, TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)));
        listener.Unique.ShouldBe(new ListenerUniqueness(UniqueUntil.Started) { Replaces = true });
    }

    private static async Task<IReadOnlyList<string>> FailToStartAsync(Delivery delivery, Action<ListenOptions> say) =>
        (await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .UseInMemory()
            .Listen<NumberCounted>(_ => { }, options =>
            {
                (options.Delivery, options.Id) = (delivery, "odd");
                say(options);
            })))).Problems;
}
