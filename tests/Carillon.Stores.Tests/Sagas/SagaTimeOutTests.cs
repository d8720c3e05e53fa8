using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sagas;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>Time-outs that are taken back or moved when what they dispatch is on its way already.</summary>
public abstract class SagaTimeOutTests<TStores> : SagaTestBase<TStores>
    where TStores : TestStores, new()
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task One_that_is_taken_back_while_its_event_waits_is_left_out()
    {
        await using var application = await StartAsync();
        await BeginAsync(application);

        await PassWhileAsync(application, "never");

        var saga = (await application.Sagas.FindAsync("order", "1", Cancel))!;
        (saga.Saga.Status, saga.Saga.Version).ShouldBe((SagaStatus.Running, 4L));
        saga.OpenTimeOuts.ShouldBeEmpty();
        Journal.Lines.ShouldBe(["reserve lamp", "charge 1", "remind"]);
        application.Log.ShouldContain(line => line.Contains(" 150 ") && line.Contains("payment.delayed") && line.Contains("taken_back"));
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_is_moved_while_its_event_waits_comes_at_its_new_time()
    {
        await using var application = await StartAsync();
        await BeginAsync(application);

        await PassWhileAsync(application, "later");

        var moved = (await application.Sagas.FindAsync("order", "1", Cancel))!;
        (moved.Saga.Status, moved.OpenTimeOuts.Count).ShouldBe((SagaStatus.Running, 1));
        Time.Advance(5 * Hour);
        await application.DrainAsync();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Reason.ShouldBe("overdue");
    }

    [Fact]
    public async Task One_that_is_moved_again_and_again_while_its_event_waits_is_left_out()
    {
        await using var application = await StartAsync();
        await BeginAsync(application);

        await PassWhileAsync(application, [.. Enumerable.Repeat("later", 30)]);

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
    }

    [Fact]
    public async Task One_that_is_taken_back_after_its_event_has_failed_is_left_out()
    {
        Journal.FailuresOfOverdue = 1;
        await using var application = await StartAsync(carillon => carillon.ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMinutes(5)));
        await BeginAsync(application);
        Time.Advance(Hour);
        await application.DrainAsync();
        (await OpenAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("OrderProcess.Overdue");

        await application.DispatchAsync(new OrderTouched("1", "never"));
        await application.DrainAsync();
        Time.Advance(2 * Hour);
        await application.DrainAsync();

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_event_from_elsewhere_is_taken_though_the_time_out_was_taken_back()
    {
        await using var application = await StartAsync();
        await BeginAsync(application);
        await PassWhileAsync(application, "never");

        await application.DispatchAsync(new PaymentOverdue("1"));
        await application.DrainAsync();

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Reason.ShouldBe("overdue");
    }

    [Fact]
    public async Task What_it_keeps_of_time_outs_that_were_moved_does_not_grow_with_their_number()
    {
        await using var application = await StartAsync();
        await BeginAsync(application);
        await PassWhileAsync(application, "later");
        var before = await ProgressAsync();

        for (var moved = 0; moved < 100; moved++)
        {
            await application.DispatchAsync(new OrderTouched("1", "later"));
            await application.DrainAsync();
        }

        (await ProgressAsync()).ShouldBeLessThan(before + 10, "numbers become longer");
    }

    private static async Task BeginAsync(SagaApplication application)
    {
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
    }

    private async Task<int> ProgressAsync() => (await ((ISagaStore)Store).ListAsync(new SagaQuery { Saga = "order", Key = "1" }, Cancel)).ShouldHaveSingleItem().Progress.Length;

    // The time-out falls due, and what it dispatches comes behind the events that take it back.
    private async Task PassWhileAsync(SagaApplication application, params string[] modes)
    {
        Time.Advance(Hour);
        foreach (var mode in modes)
        {
            await application.DispatchAsync(new OrderTouched("1", mode));
        }

        await application.RunOneAsync();
        (await OpenAsync()).Select(delivery => delivery.ListenerId).Order(StringComparer.Ordinal).ShouldBe(["OrderProcess.Overdue", .. modes.Select(_ => "OrderProcess.Touch")]);
        await application.DrainAsync();
    }
}
