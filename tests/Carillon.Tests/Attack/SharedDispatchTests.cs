using Carillon.Dispatch.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Attack;

/// <summary>What dispatches share with one another: sources that are used again, plans, the stack of a scope.</summary>
[Collection(AloneCollection.Name)]
public sealed class SharedDispatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dispatch_that_is_awaited_twice_while_it_runs_is_refused_and_harms_no_other()
    {
        var gates = new[] { new TaskCompletionSource() };
        await using var application = await Application.StartAsync(carillon => carillon.Listen<NumberCounted>(async e => await gates[e.Number].Task));
#pragma warning disable CA2012 // The mistake is what is tried.
        var shared = application.Events.DispatchAsync(new NumberCounted(0), Cancellation);
#pragma warning restore CA2012
        var first = AwaitAsync(shared);

        // By hand: what an await is refused so late has nobody to go to but the process.
        Should.Throw<InvalidOperationException>(() => shared.GetAwaiter().UnsafeOnCompleted(() => { })).Message.ShouldContain("awaited twice");
        gates[0].SetResult();

        (await first).ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => shared.GetAwaiter().GetResult());
    }

    [Fact]
    public async Task A_dispatch_that_somebody_takes_the_result_of_while_another_one_waits_is_not_used_again()
    {
        var gates = new[] { new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource() };
#pragma warning disable CA2012, CARILLON017, xUnit1031 // The mistake is what is tried.
        var shared = RunningDispatch<string>.Start(new ValueTask(gates[0].Task), "first", EventSlot<string>.Index);
        var called = false;
        shared.GetAwaiter().UnsafeOnCompleted(() => called = true);
        _ = Task.Run(gates[0].SetResult, Cancellation);
        shared.GetAwaiter().GetResult().ShouldBe("first");
        var next = RunningDispatch<string>.Start(new ValueTask(gates[1].Task), "second", EventSlot<string>.Index);
#pragma warning restore CA2012, CARILLON017, xUnit1031
        next.IsCompleted.ShouldBeFalse();
        var awaited = next.AsTask();
        await Waiting.UntilAsync(() => Task.FromResult(Volatile.Read(ref called)));
        awaited.IsCompleted.ShouldBeFalse();
        gates[1].SetResult();
        (await awaited).ShouldBe("second");
    }

    [Fact]
    public async Task Dispatches_of_many_threads_get_their_own_event_back_whatever_happens_to_each()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(async (e, token) =>
            {
                switch (e.Number % 5)
                {
                    case 0: await Task.Yield(); break;
                    case 1: throw new FormatException($"{e.Number}");
                    case 2:
                        await Task.Yield();
                        throw new FormatException($"{e.Number}");
                    case 3:
                        await Task.Yield();
                        throw new OperationCanceledException($"{e.Number}");
                }
            })
            .Listen<NumberCounted>(async e => { if (e.Number % 3 == 0) { await Task.Yield(); } }));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            async () =>
            {
                for (var round = 0; round < 20_000; round++)
                {
                    var number = (round * 8) + thread;
                    try
                    {
                        (await application.Events.DispatchAsync(new NumberCounted(number), Cancellation)).Number.ShouldBe(number);
                        (number % 5 is 0 or 4).ShouldBeTrue();
                    }
                    catch (Exception exception) when (exception is FormatException or OperationCanceledException)
                    {
                        exception.Message.ShouldBe($"{number}");
                    }
                }
            },
            Cancellation)));
    }

    [Fact]
    public async Task Listeners_come_go_and_fall_silent_while_eight_threads_dispatch()
    {
        var always = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => Interlocked.Increment(ref always), options => options.Id = "always")
            .Listen<NumberCounted>(_ => { }, options => options.Id = "sometimes"));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        var done = false;
        var changes = Task.Run(
            () =>
            {
                for (var round = 0; round < 20_000; round++)
                {
                    using var source = new CancellationTokenSource();
                    using var added = registry.Until(source.Token).Listen<NumberCounted>(_ => { });
                    using var named = registry.Listen<NamedEvent>("number.*", _ => { }, times: 1);
                    using var muted = registry.Mute("sometimes");
                    if (round % 2 == 0)
                    {
                        source.Cancel();
                    }
                }

                Volatile.Write(ref done, true);
            },
            Cancellation);
        var dispatched = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            async () =>
            {
                var factory = application.Services.GetRequiredService<IServiceScopeFactory>();
                using var scope = factory.CreateScope();
                var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
                for (var number = 0; !Volatile.Read(ref done); number++)
                {
                    switch (number % 3)
                    {
                        case 0: await events.DispatchAsync(new NumberCounted(number), Cancellation); break;
                        case 1: await events.EmitAsync("number.counted", new NumberCounted(number), Cancellation); break;
                        case 2: await events.DispatchObjectAsync(new NumberCounted(number), Cancellation); break;
                    }

                    Interlocked.Increment(ref dispatched);
                }
            },
            Cancellation)));
        await changes;

        always.ShouldBe(dispatched);
        application.Services.GetRequiredService<IListenerDirectory>().GetListeners(typeof(NumberCounted)).Select(listener => listener.Id).ShouldBe(["always", "sometimes"]);
    }

    private static async Task<int> AwaitAsync(ValueTask<NumberCounted> dispatch) => (await dispatch.ConfigureAwait(false)).Number;
}
