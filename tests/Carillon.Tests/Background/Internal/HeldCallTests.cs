using Carillon.Background;
using Carillon.Background.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.Options;

namespace Carillon.Tests.Background.Internal;

public sealed class HeldCallTests
{
    [Fact] // Conformance 181
    public async Task Nobody_is_told_of_a_call_before_the_queue_is_open()
    {
        using var queue = new BackgroundQueue(Options.Create(new BackgroundOptions()), new Loggers(factory: null));
        var told = 0;
        queue.Came += () => told++;
        var listener = new Listener("one", typeof(NumberCounted), (object _, in ListenerCall _) => ValueTask.CompletedTask);

        queue.Add(await queue.ReserveAsync("number.counted", new NumberCounted(1), Guid.Empty, [listener], TestContext.Current.CancellationToken));
        told.ShouldBe(0);
        queue.Count.ShouldBe(1);
        queue.Open();
        told.ShouldBe(1);
        queue.TryTake()!.Event.ShouldBe(new NumberCounted(1));
        queue.Add(await queue.ReserveAsync("number.counted", new NumberCounted(2), Guid.Empty, [listener], TestContext.Current.CancellationToken));

        told.ShouldBe(2);
    }
}
