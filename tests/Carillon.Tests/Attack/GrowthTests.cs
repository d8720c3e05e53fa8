using Carillon.Listeners;
using Carillon.Testing;
using Carillon.Waiting;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable CA2012 // Listeners that complete at once leave nothing to wait for.
namespace Carillon.Tests.Attack;

/// <summary>What is done without end must not add up.</summary>
[Collection(AloneCollection.Name)]
public sealed class GrowthTests
{
    private const int Tolerated = 2_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listeners_that_are_removed_by_their_id_leave_nothing_with_the_token_that_would_have_ended_them()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var lifetime = new CancellationTokenSource();
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        var until = registry.Until(lifetime.Token);

        Grown(100_000, _ =>
        {
            until.Add(new Listener("passing", typeof(NumberCounted), (object _, in ListenerCall _) => ValueTask.CompletedTask));
            registry.Remove("passing").ShouldBeTrue();
        }).ShouldBeLessThan(Tolerated);
    }

    [Fact]
    public async Task Listeners_that_come_and_go_leave_nothing()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        Grown(300_000, number =>
        {
            using (registry.Listen<NumberCounted>(_ => { }))
            using (registry.Listen<NamedEvent>($"a{number}.*", _ => { }))
            {
                application.Events.DispatchAsync(new NumberCounted(1), Cancellation).IsCompletedSuccessfully.ShouldBeTrue();
            }

            registry.Listen<NumberCounted>(_ => { }, times: 1);
            application.Events.DispatchAsync(new NumberCounted(1), Cancellation).IsCompletedSuccessfully.ShouldBeTrue();
        }).ShouldBeLessThan(Tolerated);
    }

    [Fact]
    public async Task Waiting_in_vain_leaves_nothing()
    {
        var time = new SimulatedTime();
        await using var application = await Application.StartAsync(carillon => carillon.UseSimulatedTime(time));
        var waiter = application.Services.GetRequiredService<IEventWaiter>();
        using var lifetime = new CancellationTokenSource();

        Grown(100, _ =>
        {
            var waiting = Enumerable.Range(0, 1_000).Select(_ => waiter.WaitForAsync<NumberCounted>(timeout: TimeSpan.FromSeconds(1), cancellationToken: lifetime.Token)).ToArray();
            time.Advance(TimeSpan.FromSeconds(2));
            Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default).Wait(Cancellation);
            waiting.ShouldAllBe(task => task.IsFaulted);
        }).ShouldBeLessThan(Tolerated);
        application.Services.GetRequiredService<IListenerDirectory>().HasListeners<NumberCounted>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_million_names_leave_nothing()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<int>("made.up.*", _ => { }));

        Grown(1_000_000, number => application.Events.EmitAsync($"made.up.{number}", 1, Cancellation).IsCompletedSuccessfully.ShouldBeTrue()).ShouldBeLessThan(Tolerated);
    }

    private static long Grown(int times, Action<int> act)
    {
        for (var round = 0; round < times / 10; round++)
        {
            act(round);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < times; round++)
        {
            act(round);
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
