using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Hosting;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

/// <summary>Deliveries that somebody cancels while they run; conformance 399, 400. And a stop in the middle of a commit.</summary>
public sealed class CancelledDeliveryTests
{
    private readonly InMemoryDeliveryStore _store = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_token_of_one_that_runs_fires_and_it_is_cancelled_with_the_error()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.LeaseDuration = TimeSpan.FromHours(1))
            .Listen<NumberCounted>(WaitForTheToken, Durable));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await _started.Task.WaitAsync(Cancellation);

        (await application.Services.GetRequiredService<IDeliveries>().CancelAsync((await ListAsync())[0].Id, Cancellation)).ShouldBe(CancelResult.Requested);

        await Waiting.UntilAsync(async () => (await ListAsync())[0].State == DeliveryState.Cancelled);
        (await ListAsync())[0].Error.ShouldNotBeNull().ShouldContain("TaskCanceledException");
    }

    [Fact]
    public async Task It_fires_in_another_process_within_a_lease()
    {
        var time = new SimulatedTime();
        await using var application = await StartAsync(carillon => carillon.UseSimulatedTime(time).Listen<NumberCounted>(WaitForTheToken, Durable));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await _started.Task.WaitAsync(Cancellation);

        (await _store.CancelAsync([1], time.GetUtcNow(), null, Cancellation)).ShouldBe([CancelResult.Requested]);
        for (var third = 0; third < 3; third++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
        }

        await Waiting.UntilAsync(async () => (await ListAsync())[0].State == DeliveryState.Cancelled);
    }

    [Fact]
    public async Task One_that_succeeds_all_the_same_is_completed()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(WaitToFinish, Durable));
        await CancelWhileItRunsAsync(application);

        _finish.SetResult();

        await Waiting.UntilAsync(async () => (await ListAsync()).Count == 0);
    }

    [Fact]
    public async Task One_that_fails_is_cancelled_and_not_tried_again()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            async (e, token) =>
            {
                await WaitToFinish(e, token);
                throw new InvalidOperationException("broken");
            },
            Durable));
        await CancelWhileItRunsAsync(application);

        _finish.SetResult();

        await Waiting.UntilAsync(async () => (await ListAsync())[0].State == DeliveryState.Cancelled);
        (await ListAsync())[0].Error.ShouldNotBeNull().ShouldContain("broken");
    }

    [Fact]
    public async Task One_that_waits_behind_a_running_one_is_cancelled_without_having_run()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.MaxConcurrency = 1)
            .Listen<NumberCounted>(WaitToFinish, Durable));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        var last = (await ListAsync())[0].Id;

        (await application.Services.GetRequiredService<IDeliveries>().CancelAsync(last, Cancellation)).ShouldNotBe(CancelResult.TooLate);
        _finish.SetResult();

        // The listener would have set _started a second time, and failed.
        await Waiting.UntilAsync(async () => (await ListAsync()) is [{ State: DeliveryState.Cancelled }]);
        (await ListAsync())[0].Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_being_committed_for_this_process()
    {
        var flaky = new FlakyStore(_store);
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await Application.StartAsync(carillon => carillon.UseStore(_ => flaky).Listen<NumberCounted>(_ => ran.TrySetResult(), Durable));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await ran.Task.WaitAsync(Cancellation);
        // Handed over from here on: the store had nothing more.
        var inHand = application.Services.GetRequiredService<Carillon.Deliveries.Internal.DeliveriesInHand>();
        await Waiting.UntilAsync(async () => inHand.Claims.AreOpen && (await ListAsync()).Count == 0);
        flaky.Adding = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var dispatching = application.Events.DispatchAsync(new NumberCounted(2), Cancellation).AsTask();
        await flaky.Adding.Task.WaitAsync(Cancellation);
        var stopping = application.StopAsync();
        flaky.MayAdd.SetResult();
        await dispatching;
        await stopping;

        // Released, or run to its end: not left under a lease that nobody has.
        (await ListAsync()).ShouldAllBe(delivery => delivery.State == DeliveryState.Ready);
    }

    private async Task CancelWhileItRunsAsync(Application application)
    {
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        (await application.Services.GetRequiredService<IDeliveries>().CancelAsync((await ListAsync())[0].Id, Cancellation)).ShouldBe(CancelResult.Requested);
    }

    private async ValueTask WaitForTheToken(NumberCounted counted, CancellationToken token)
    {
        _started.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
    }

    private async ValueTask WaitToFinish(NumberCounted counted, CancellationToken token)
    {
        _started.SetResult();
        await _finish.Task;
    }

    private static void Durable(ListenOptions options) => (options.Delivery, options.Id) = (Delivery.Durable, "durable");

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) => Application.StartAsync(carillon => configure(carillon.UseStore(_ => _store)));

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync() => _store.ListAsync(new DeliveryQuery(), TimeProvider.System.GetUtcNow(), Cancellation);
}
