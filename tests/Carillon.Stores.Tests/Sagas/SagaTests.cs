using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sagas;
using Carillon.Testing;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>What sagas do, on each store.</summary>
public abstract class SagaTests<TStores> : SagaTestBase<TStores>
    where TStores : TestStores, new()
{
    [Fact] // D2
    public async Task A_process_of_three_events_keeps_its_state_and_comes_to_its_end()
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        var running = (await application.Sagas.FindAsync("order", "1", Cancel)).ShouldNotBeNull();
        (running.Saga.Status, running.Saga.Version, running.Saga.State).ShouldBe((SagaStatus.Running, 2L, """{"sku":"lamp","touched":0}"""));
        running.OpenTimeOuts.ShouldBe(["payment.delayed"]);
        running.ToCompensate.ShouldBe(["OrderProcess.Charge", "OrderProcess.Reserve"]);

        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1", "ship 1"]);
        var ended = (await application.Sagas.FindAsync("order", "1", Cancel)).ShouldNotBeNull();
        ended.Saga.Status.ShouldBe(SagaStatus.Completed);
        ended.Steps.Select(step => (step.Version, step.Step, step.EventName, step.Status)).ShouldBe(
        [
            (1L, "OrderProcess.Reserve", "order.placed", SagaStatus.Running),
            (2L, "OrderProcess.Charge", "stock.reserved", SagaStatus.Running),
            (3L, "OrderProcess.Ship", "payment.received", SagaStatus.Completed),
        ]);
        (await OpenAsync()).ShouldBeEmpty("its time-out is cancelled");
    }

    [Fact] // D2
    public async Task Each_key_has_a_saga_of_its_own()
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DispatchAsync(new OrderPlaced("2", "sofa"));
        await application.DrainAsync();
        await application.DispatchAsync(new PaymentReceived("2"));
        await application.DrainAsync();

        (await application.Sagas.ListAsync(new SagaQuery(), Cancel)).Select(saga => (saga.Key, saga.Status)).ShouldBe([("1", SagaStatus.Running), ("2", SagaStatus.Completed)]);
        (await application.Sagas.ListAsync(new SagaQuery { Status = SagaStatus.Running }, Cancel)).ShouldHaveSingleItem().Key.ShouldBe("1");
        (await application.Sagas.CountAsync("order", Cancel)).ShouldBe(new Dictionary<SagaStatus, long> { [SagaStatus.Running] = 1, [SagaStatus.Completed] = 1 }, ignoreOrder: true);
    }

    [Fact] // D2
    public async Task What_has_succeeded_is_undone_in_reverse_order_one_after_the_other()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        await application.DispatchAsync(new PaymentDeclined("1"));
        await application.DrainAsync();

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1", "refund 1", "release lamp: declined"]);
        var ended = (await application.Sagas.FindAsync("order", "1", Cancel)).ShouldNotBeNull();
        (ended.Saga.Status, ended.Saga.Reason).ShouldBe((SagaStatus.Compensated, "declined"));
        ended.Steps.Skip(2).Select(step => (step.Step, step.Status)).ShouldBe(
        [
            ("OrderProcess.Decline", SagaStatus.Compensating),
            ("OrderProcess.Refund", SagaStatus.Compensating),
            ("OrderProcess.Release", SagaStatus.Compensated),
        ]);
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact] // D2
    public async Task A_compensation_that_fails_is_made_again_and_the_ones_behind_it_wait()
    {
        Journal.FailuresOfRefund = 2;
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        await application.DispatchAsync(new PaymentDeclined("1"));
        await application.DrainAsync();

        Journal.Lines.ShouldNotContain(line => line.StartsWith("release", StringComparison.Ordinal));
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Compensating);
        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();
        application.Log.ShouldContain(line => line.Contains(" 150 ") && line.Contains("gave_up"));

        for (var hour = 0; hour < 3; hour++)
        {
            Time.Advance(TimeSpan.FromHours(1));
            await application.DrainAsync();
        }

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1", "refund 1", "refund 1", "refund 1", "release lamp: declined"]);
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Compensated);
    }

    [Fact] // D2
    public async Task A_time_out_comes_at_its_time()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        Time.Advance(TimeSpan.FromMinutes(59));
        await application.DrainAsync();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        Time.Advance(TimeSpan.FromMinutes(1));
        await application.DrainAsync();

        var ended = (await application.Sagas.FindAsync("order", "1", Cancel))!;
        (ended.Saga.Status, ended.Saga.Reason).ShouldBe((SagaStatus.Compensated, "overdue"));
    }

    [Fact] // D2
    public async Task A_time_out_that_is_asked_for_again_moves()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        await application.DispatchAsync(new OrderTouched("1", "later"));
        await application.DrainAsync();

        Time.Advance(TimeSpan.FromHours(4));
        await application.DrainAsync();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        Time.Advance(TimeSpan.FromHours(1));
        await application.DrainAsync();

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Reason.ShouldBe("overdue");
    }

    [Fact] // D2
    public async Task A_time_out_that_is_taken_back_never_comes()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        await application.DispatchAsync(new OrderTouched("1", "never"));
        await application.DrainAsync();

        (await OpenAsync()).ShouldBeEmpty();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.OpenTimeOuts.ShouldBeEmpty();
    }

    [Fact] // D2
    public async Task A_step_that_throws_leaves_neither_state_nor_events()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMinutes(5)));
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        await application.DispatchAsync(new OrderTouched("1", "throw"));
        await application.DrainAsync();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.State.ShouldContain("\"touched\":0");
        Journal.Lines.ShouldNotContain("remind");
        await application.DispatchAsync(new OrderTouched("1", "later"));
        await application.DrainAsync();
        Time.Advance(TimeSpan.FromMinutes(10));
        await application.DrainAsync();

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.State.ShouldContain("\"touched\":2");
        Journal.Lines.Count(line => line == "remind").ShouldBe(2);
    }

    [Fact] // D2
    public async Task A_step_that_is_put_off_leaves_neither_state_nor_events()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        await application.DispatchAsync(new OrderTouched("1", "snooze"));
        await application.DrainAsync();

        var saga = (await application.Sagas.FindAsync("order", "1", Cancel))!;
        (saga.Saga.Version, saga.Saga.State).ShouldBe((2L, """{"sku":"lamp","touched":0}"""));
        Journal.Lines.ShouldNotContain("remind");
    }

    [Fact] // D2
    public async Task Another_process_goes_on_where_the_first_one_has_ended()
    {
        await using (var first = await StartAsync())
        {
            await first.DispatchAsync(new OrderPlaced("1", "lamp"));
            await first.DrainAsync();
        }

        await using var second = await StartAsync();
        await second.DispatchAsync(new PaymentReceived("1"));
        await second.DrainAsync();

        (await second.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Completed);
    }
}
