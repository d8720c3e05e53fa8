using Carillon.Background;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Background;

public sealed class BackgroundDisposalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_waits_when_the_host_is_disposed_without_a_stop_is_lost_and_not_a_failure_of_its_listener()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new RecordingLoggerProvider();
        var runs = 0;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(provider => new GoesFirst(go, provider.GetRequiredService<IBackgroundListeners>()));
        builder.Services.AddCarillon(carillon => carillon
            .UseBackground(options => options.MaxConcurrency = 1)
            .Listen<SquareDrawn>(
                async (_, _) =>
                {
                    Interlocked.Increment(ref runs);
                    await go.Task;
                },
                options => (options.Delivery, options.Id) = (Delivery.Background, "late")));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        var events = host.Services.GetRequiredService<IEventDispatcherFactory>();
        host.Services.GetRequiredService<GoesFirst>();
        await events.DispatchInNewScopeAsync(new SquareDrawn(), Cancellation);
        await events.DispatchInNewScopeAsync(new SquareDrawn(), Cancellation);
        await Waiting.UntilAsync(() => Task.FromResult(Volatile.Read(ref runs) == 1));

        await ((IAsyncDisposable)host).DisposeAsync();

        runs.ShouldBe(1);
        log.Entries.ShouldContain(entry => entry.Id == 404 && entry.Message.Contains("late"));
        log.Entries.ShouldNotContain(entry => entry.Id == 400 || entry.Id == 401);
    }

    // Made last, it is disposed first: the container makes no scope any more, and the queue does not know yet.
    private sealed class GoesFirst(TaskCompletionSource go, IBackgroundListeners background) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            go.SetResult();
            await Waiting.UntilAsync(() => Task.FromResult(background is { Waiting: 0, Running: 0 }));
        }
    }
}
