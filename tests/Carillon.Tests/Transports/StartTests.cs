using Carillon.Transports.InMemory;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Transports;

public sealed class StartTests
{
    [Fact]
    public async Task An_event_that_leaves_wants_a_transport() =>
        (await ProblemsAsync(carillon => carillon.UseInMemory().AddEvent<ShiftBegun>())).ShouldContain("'shift.begun' (Carillon.Tests.Transports.StartTests+ShiftBegun) leaves the application, but there is no transport");

    [Fact]
    public async Task An_event_that_leaves_wants_a_store() =>
        (await ProblemsAsync(carillon => carillon.UseInMemoryTransport(new InMemoryTransport()).AddEvent<ShiftBegun>())).ShouldContain("no delivery store");

    [Fact]
    public async Task One_who_only_receives_it_needs_none()
    {
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemoryTransport(new InMemoryTransport()).AddEvent<ShiftBegun>().Subscribe("shift.#"));

        var line = application.Log.Entries.Where(entry => entry.Id == 450).ShouldHaveSingleItem();
        line.Level.ShouldBe(LogLevel.Information);
        line.Message.ShouldContain("shift.#");
    }

    [Theory]
    [InlineData("shift.be*", null, 1)]
    [InlineData("shift.#", "", 1)]
    [InlineData("shift.#", "all", 0)]
    public async Task A_subscription_that_cannot_be_is_refused(string pattern, string? key, int concurrency) =>
        (await ProblemsAsync(carillon => carillon
            .UseInMemoryTransport(new InMemoryTransport())
            .Subscribe(pattern, subscription => (subscription.Key, subscription.Concurrency) = (key, concurrency)))).ShouldContain($"'{pattern}'");

    [Fact]
    public async Task An_inbox_wants_a_store() =>
        (await ProblemsAsync(carillon => carillon
            .UseInMemoryTransport(new InMemoryTransport())
            .Subscribe("shift.#", subscription => (subscription.Key, subscription.Inbox) = ("all", TimeSpan.FromDays(1))))).ShouldContain("inbox");

    [Fact]
    public async Task Two_subscriptions_of_one_key_are_refused() =>
        (await ProblemsAsync(carillon => carillon
            .UseInMemoryTransport(new InMemoryTransport())
            .Subscribe("shift.*", subscription => subscription.Key = "all")
            .Subscribe("break.*", subscription => subscription.Key = "all"))).ShouldContain("Two subscriptions");

    private static async Task<string> ProblemsAsync(Action<CarillonBuilder> configure) =>
        (await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(configure))).Message;

    [Event("shift.begun", Leaves = true)]
    private sealed record ShiftBegun(string Who);
}
