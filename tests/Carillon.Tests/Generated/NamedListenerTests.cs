using Carillon.Dispatch;
using Carillon.Dispatch.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

/// <summary>The same expectations for generated plans and for run-time ones, which any further listener brings into play.</summary>
public sealed class NamedListenerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory] // Conformance 108
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_that_is_written_down_has_its_listeners_in_order(bool atRunTime)
    {
        await using var application = await StartAsync();
        using var _ = atRunTime ? Listen(application, "bus.boarded") : null;
        var ticket = new BusTicket([]);

        (await application.Events.EmitAsync("bus.boarded", ticket, Token)).ShouldBeTrue();

        ticket.Seen.ShouldBe(["pattern", "exact"]);
    }

    [Fact]
    public async Task A_name_that_only_a_pattern_knows_has_its_listeners_too()
    {
        await using var application = await StartAsync();
        var ticket = new BusTicket([]);

        (await application.Events.EmitAsync("bus.missed", ticket, Token)).ShouldBeTrue();
        (await application.Events.EmitAsync("bus.missed", "a text", Token)).ShouldBeFalse();

        ticket.Seen.ShouldBe(["pattern"]);
    }

    [Theory] // Conformance 70, 85, 108
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_typed_event_reaches_the_listeners_of_its_type_and_of_its_name(bool atRunTime)
    {
        await using var application = await StartAsync();
        using var _ = atRunTime ? Listen(application, "bus.departed") : null;
        var departed = new BusDeparted([]);

        await application.Events.DispatchAsync(departed, Token);
        await application.Events.EmitAsync("bus.departed", departed, Token);

        departed.Seen.ShouldBe(["pattern", "type", "pattern", "type"]);
        HasGeneratedPlan(application).ShouldBe(!atRunTime);
    }

    [Fact]
    public async Task A_method_takes_the_named_event_and_the_context()
    {
        await using var application = await StartAsync();
        var seen = new List<string>();

        (await application.Events.EmitAsync("bus.scrapped", seen, Token)).ShouldBeTrue();

        seen.ShouldBe(["bus.scrapped bus.scrapped"]);
    }

    private static bool HasGeneratedPlan(Application application) =>
        application.Services.GetRequiredService<PlanTable>().Get<BusDeparted>().GetType().Assembly == typeof(BusDeparted).Assembly;

    private static IDisposable Listen(Application application, string name) =>
        application.Services.GetRequiredService<IListenerRegistry>().Listen(name, (NamedEvent _) => { });

    private static Task<Application> StartAsync() => Application.StartAsync(
        carillon => carillon.AddListeners().UseInMemory(),
        services => services.AddSingleton<Clock>().AddSingleton<Ledger>().AddKeyedSingleton("red", "red"));
}
