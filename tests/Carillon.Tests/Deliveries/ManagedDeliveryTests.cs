using Carillon.Deliveries;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Deliveries;

/// <summary>What a person can do with many deliveries at once.</summary>
public sealed class ManagedDeliveryTests : DeliveriesByHand
{
    [Fact]
    public async Task All_that_match_are_retried_page_by_page_with_progress()
    {
        var isWorking = false;
        await using var application = await StartWithFailedAsync(1_200, () => isWorking);
        var progress = new Progress();
        var deliveries = application.Services.GetRequiredService<IDeliveries>();

        isWorking = true;
        (await deliveries.RetryAsync(new DeliveryFilter { ListenerId = "failing" }, progress, Cancellation)).ShouldBe(1_200);

        progress.Sums.ShouldBe([500, 1_000, 1_200]);
        await application.Services.DrainDeliveriesAsync(2_000, Cancellation);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_given_up_between_two_pages_leaves_done_what_is_done()
    {
        await using var application = await StartWithFailedAsync(600, () => false);
        using var giveUp = new CancellationTokenSource();
        var deliveries = application.Services.GetRequiredService<IDeliveries>();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await deliveries.RetryAsync(new DeliveryFilter(), new Progress(_ => giveUp.Cancel()), giveUp.Token));

        var counts = await CountAsync();
        (counts[DeliveryState.Ready], counts[DeliveryState.Failed]).ShouldBe((500, 100));
    }

    [Theory] // Whatever state a delivery is in when its turn comes, and however often it moves meanwhile, it is found once.
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task One_that_runs_when_the_first_page_is_read_and_comes_again_meanwhile_is_cancelled_too(int afterPage)
    {
        var moving = new MovingStore(Store);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => moving).UseSimulatedTime(Time).RunDeliveriesByHand().Listen<NumberCounted>(_ => { }, Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        var leased = (await Store.LeaseAsync(new LeaseRequest(new DeliveryLease("another", Time.GetUtcNow().AddMinutes(1)), Time.GetUtcNow(), 1), Cancellation)).ShouldHaveSingleItem();
        moving.AfterPage = async page =>
        {
            if (page == afterPage)
            {
                await Store.SettleAsync([new Settlement { Delivery = leased, Outcome = DeliveryOutcome.Retry, At = Time.GetUtcNow(), RetryAt = Time.GetUtcNow().AddHours(1), Error = "not yet" }], Cancellation);
            }
        };

        (await application.Services.GetRequiredService<IDeliveries>().CancelAsync(new DeliveryFilter(), cancellationToken: Cancellation)).ShouldBe(1);

        moving.AfterPage = null;
        var left = (await ListAsync()).ShouldHaveSingleItem();
        (left.State == DeliveryState.Cancelled || left.IsCancelRequested).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task One_that_is_parked_when_the_first_page_is_read_and_known_again_meanwhile_is_discarded_too(int afterPage)
    {
        var moving = new MovingStore(Store);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => moving).UseSimulatedTime(Time).RunDeliveriesByHand().Listen<NumberCounted>(_ => { }, Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        var leased = (await Store.LeaseAsync(new LeaseRequest(new DeliveryLease("another", Time.GetUtcNow().AddMinutes(1)), Time.GetUtcNow(), 1), Cancellation)).ShouldHaveSingleItem();
        await Store.SettleAsync([new Settlement { Delivery = leased, Outcome = DeliveryOutcome.Parked, At = Time.GetUtcNow(), Error = "unknown" }], Cancellation);
        moving.AfterPage = async page =>
        {
            if (page == afterPage)
            {
                await Store.RetryAsync([leased.Id], Time.GetUtcNow(), Cancellation);
            }
        };

        (await application.Services.GetRequiredService<IDeliveries>().DiscardAsync(new DeliveryFilter(), cancellationToken: Cancellation)).ShouldBe(1);
    }

    [Fact] // Conformance 236
    public async Task Those_that_a_filter_leaves_out_stay_as_they_are()
    {
        await using var application = await StartWithFailedAsync(3, () => false);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();

        (await deliveries.RetryAsync(new DeliveryFilter { EventName = "another.event" }, cancellationToken: Cancellation)).ShouldBe(0);
        (await deliveries.DiscardAsync(new DeliveryFilter { State = DeliveryState.Scheduled }, cancellationToken: Cancellation)).ShouldBe(0);

        (await CountAsync())[DeliveryState.Failed].ShouldBe(3);
    }

    [Fact]
    public async Task A_retry_by_filter_leaves_completed_ones_alone_and_a_replay_runs_them_again()
    {
        var calls = 0;
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.KeepCompleted = TimeSpan.FromDays(1))
            .Listen<NumberCounted>(_ => calls++, Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();

        (await deliveries.RetryAsync(new DeliveryFilter(), cancellationToken: Cancellation)).ShouldBe(0);
        (await deliveries.ReplayAsync(new DeliveryFilter { ListenerId = "count" }, cancellationToken: Cancellation)).ShouldBe(1);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        calls.ShouldBe(2);
    }

    [Fact] // Conformance 403
    public async Task A_completed_a_cancelled_and_a_discarded_one_can_be_retried_by_id()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.KeepCompleted = TimeSpan.FromDays(1))
            .Listen<NumberCounted>(_ => { }, Durable("count", maxAttempts: 1)));
        for (var number = 0; number < 3; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        var ids = (await ListAsync()).Select(delivery => delivery.Id).ToList();
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        (await deliveries.DiscardAsync(ids[0], Cancellation)).ShouldBeTrue();
        (await deliveries.CancelAsync(ids[1], Cancellation)).ShouldBe(CancelResult.Cancelled);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        foreach (var id in ids)
        {
            (await deliveries.RetryAsync(id, Cancellation)).ShouldBeTrue();
        }

        (await ListAsync()).ShouldAllBe(delivery => delivery.State == DeliveryState.Ready && delivery.Attempts == 0);
    }

    [Fact] // Conformance 404, 405
    public async Task One_that_runs_is_neither_retried_nor_discarded()
    {
        var answers = new List<bool>();
        IDeliveries? deliveries = null;
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            async (_, _) =>
            {
                var id = (await ListAsync()).Single().Id;
                answers.Add(await deliveries!.RetryAsync(id, Cancellation));
                answers.Add(await deliveries.DiscardAsync(id, Cancellation));
                answers.Add(await deliveries.RescheduleAsync(id, Time.GetUtcNow().AddDays(1), Cancellation));
            },
            Durable("count")));
        deliveries = application.Services.GetRequiredService<IDeliveries>();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);

        answers.ShouldBe([false, false, false]);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_waits_can_be_moved_to_another_time()
    {
        var ranAt = new List<DateTimeOffset>();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => ranAt.Add(Time.GetUtcNow()), Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        var tomorrow = Time.GetUtcNow().AddDays(1);

        (await application.Services.GetRequiredService<IDeliveries>().RescheduleAsync((await ListAsync())[0].Id, tomorrow, Cancellation)).ShouldBeTrue();
        await application.Services.DrainDeliveriesAsync(tomorrow.AddDays(1), cancellationToken: Cancellation);

        ranAt.ShouldBe([tomorrow]);
    }

    [Fact] // Conformance 398
    public async Task What_was_cancelled_never_runs()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => throw new InvalidOperationException("ran"), Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        (await application.Services.GetRequiredService<IDeliveries>().CancelAsync(new DeliveryFilter { Queue = Queues.Default }, cancellationToken: Cancellation)).ShouldBe(2);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(0);
        (await CountAsync())[DeliveryState.Cancelled].ShouldBe(2);
    }

    private async Task<Application> StartWithFailedAsync(int count, Func<bool> isWorking)
    {
        var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            _ =>
            {
                if (!isWorking())
                {
                    throw new UnrecoverableListenerException("broken");
                }
            },
            Durable("failing")));
        for (var number = 0; number < count; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await application.Services.DrainDeliveriesAsync(2_000, Cancellation);
        return application;
    }

    // The real one posts to a thread.
    private sealed class Progress(Action<int>? then = null) : IProgress<int>
    {
        internal List<int> Sums { get; } = [];

        public void Report(int value)
        {
            Sums.Add(value);
            then?.Invoke(value);
        }
    }
}
