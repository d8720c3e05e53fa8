using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class ContextLambdaTests
{
    [Fact]
    public async Task A_method_that_takes_the_context_and_returns_a_task_is_a_listener()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(NoteAsync));
        application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn>(NoteAsync);

        var drawn = await application.Events.DispatchAsync(new SquareDrawn(), TestContext.Current.CancellationToken);

        drawn.Seen.ShouldBe(["square.drawn", "square.drawn"]);
    }

    private static async Task NoteAsync(SquareDrawn drawn, EventContext context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        drawn.Seen.Add(context.EventName);
    }
}
