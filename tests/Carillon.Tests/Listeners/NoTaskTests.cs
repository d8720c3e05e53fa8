using Carillon.Listeners;
using Carillon.Tests.Generated;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

/// <summary>A listener that forgets its task is told by name, however it was registered.</summary>
public sealed class NoTaskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ways =>
    [
        "a lambda", "one with a token", "one with the context", "one with a result", "one with a result and a token", "a subscriber", "one of it with a token", "one at run time",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_listener_that_returns_null_instead_of_a_task_is_named(string way)
    {
        await using var application = await Application.StartAsync(carillon => Add(carillon, way));
        if (way == "one at run time")
        {
            application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn>(_ => (Task)null!, options => options.Id = "forgetful");
        }

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation));

        exception.Message.ShouldBe("The listener 'forgetful' returned null instead of a task. Make it async, or return Task.CompletedTask where there is nothing to wait for.");
    }

    [Fact]
    public async Task A_method_is_named_alone_and_among_others()
    {
        await using var application = await Application.StartAsync(carillon => carillon.AddListeners().UseInMemory(), services => services.AddSingleton<Clock>().AddSingleton<Ledger>().AddKeyedSingleton("red", "red"));

        var alone = await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new TaskForgotten(), Cancellation));
        var first = await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new TaskMissed(Last: false), Cancellation));
        var last = await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new TaskMissed(Last: true), Cancellation));

        alone.Message.ShouldStartWith("The listener 'NoTaskTests.NoTaskListeners.Alone' returned null instead of a task.");
        first.Message.ShouldStartWith("The listener 'NoTaskTests.NoTaskListeners.First' returned null instead of a task.");
        last.Message.ShouldStartWith("The listener 'NoTaskTests.NoTaskListeners.Last' returned null instead of a task.");
    }

    private static void Add(CarillonBuilder carillon, string way)
    {
        void Name(ListenOptions options) => options.Id = "forgetful";
        _ = way switch
        {
            "a lambda" => carillon.Listen<SquareDrawn>(_ => (Task)null!, Name),
            "one with a token" => carillon.Listen<SquareDrawn>((_, _) => (Task)null!, Name),
            "one with the context" => carillon.Listen<SquareDrawn>((_, _, _) => (Task)null!, Name),
            "one with a result" => carillon.Listen<SquareDrawn, int>(_ => (Task<int>)null!, Name),
            "one with a result and a token" => carillon.Listen<SquareDrawn, int>((_, _) => (Task<int>)null!, Name),
            "a subscriber" => carillon.Map(map => map.On<SquareDrawn>().Call<Target>((target, e) => target.Nothing(e), Name)),
            "one of it with a token" => carillon.Map(map => map.On<SquareDrawn>().Call<Target>((target, e, _) => target.Nothing(e), Name)),
            _ => carillon,
        };
    }

    internal sealed class Target
    {
        private readonly Task _none = null!;

        internal Task Nothing(SquareDrawn e) => _none;
    }

    internal sealed record TaskForgotten;

    internal sealed record TaskMissed(bool Last);

    internal static class NoTaskListeners
    {
        [OnEvent]
        internal static Task Alone(TaskForgotten e) => null!;

        [OnEvent(Priority = 1)]
        internal static Task First(TaskMissed e) => e.Last ? Task.CompletedTask : null!;

        [OnEvent]
        internal static Task<int> Last(TaskMissed e) => null!;
    }
}
