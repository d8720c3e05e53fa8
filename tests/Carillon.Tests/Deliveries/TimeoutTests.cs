using Carillon.Deliveries;
using Carillon.Retries;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

/// <summary>Attempts that take longer than they may; conformance 411.</summary>
public sealed class TimeoutTests : DeliveriesByHand
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cancelled_and_counts_as_failed()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(WaitForTheToken, Slow));

        await RunPastTheTimeoutAsync(application);

        var again = (await ListAsync()).ShouldHaveSingleItem();
        (again.State, again.Attempts).ShouldBe((DeliveryState.Scheduled, 1));
        again.Error.ShouldNotBeNull().ShouldContain("The listener 'slow' did not finish within its time-out of 00:00:20.");
        application.Log.Entries.ShouldContain(entry => entry.Id == 107 && entry.Message.Contains("slow"));
    }

    [Fact]
    public async Task It_is_a_time_out_to_the_rules_of_retries()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.For<TimeoutException>(RetryRule.Never))
            .Listen<NumberCounted>(WaitForTheToken, Slow));

        await RunPastTheTimeoutAsync(application);

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Failed);
    }

    [Fact]
    public async Task A_listener_that_finishes_all_the_same_has_done_its_work()
    {
        var finish = new TaskCompletionSource();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            async (_, _) =>
            {
                _started.SetResult();
                await finish.Task;
            },
            Slow));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        var draining = application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        Time.Advance(TimeSpan.FromSeconds(21));
        finish.SetResult();
        await draining;

        (await CountAsync()).ShouldBeEmpty();
        application.Log.Entries.ShouldContain(entry => entry.Id == 107);
    }

    [Fact]
    public async Task The_time_out_of_the_options_is_for_those_without_one_of_their_own()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.Timeout = TimeSpan.FromSeconds(20))
            .Listen<NumberCounted>(WaitForTheToken, Durable("slow")));

        await RunPastTheTimeoutAsync(application);

        (await ListAsync()).ShouldHaveSingleItem().Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_time_out_longer_than_the_lease_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => { }, options =>
            {
                Slow(options);
                options.Timeout = TimeSpan.FromMinutes(1);
            })));

        error.Problems.ShouldHaveSingleItem().ShouldStartWith("The listener 'slow' of 'Carillon.Tests.NumberCounted' has a time-out of 00:01:00, but the leases of its queue 'default' end after 00:00:30");
        error.Problems[0].ShouldContain("ConfigureQueue(\"default\", ");
    }

    [Fact]
    public async Task A_queue_with_longer_leases_bears_longer_time_outs()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureQueue("slow", queue => queue.LeaseDuration = TimeSpan.FromMinutes(2))
            .Listen<NumberCounted>(_ => { }, options =>
            {
                Slow(options);
                (options.Timeout, options.Queue) = (TimeSpan.FromMinutes(1), "slow");
            }));
    }

    private async Task RunPastTheTimeoutAsync(Application application)
    {
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        var draining = application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        Time.Advance(TimeSpan.FromSeconds(20));
        await draining;
    }

    private async ValueTask WaitForTheToken(NumberCounted counted, CancellationToken token)
    {
        _started.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
    }

    private static void Slow(Carillon.Listeners.ListenOptions options) =>
        (options.Delivery, options.Id, options.Timeout) = (Delivery.Durable, "slow", TimeSpan.FromSeconds(20));
}
