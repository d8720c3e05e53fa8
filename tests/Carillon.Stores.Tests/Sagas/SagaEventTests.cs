using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sagas;
using Carillon.Testing;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>Events that come twice, too early, too late, at once, or to nobody.</summary>
public abstract class SagaEventTests<TStores> : SagaTestBase<TStores>
    where TStores : TestStores, new()
{
    [Fact] // D2
    public async Task An_event_that_comes_before_the_one_that_begins_waits_for_it()
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();
        Journal.Lines.ShouldBeEmpty();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        Time.Advance(TimeSpan.FromMinutes(10));
        await application.DrainAsync();

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1", "ship 1"]);
    }

    [Fact] // D2
    public async Task An_event_whose_saga_never_begins_is_kept_as_failed_with_the_reason()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureRetries(retries => (retries.MaxAttempts, retries.FirstDelay) = (3, TimeSpan.Zero)));

        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();

        var failed = (await OpenAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Error.ShouldNotBeNull().ShouldContain("There is no saga 'order' with the key '1' for 'payment.received'");
        (await application.Sagas.CountAsync(cancellationToken: Cancel)).ShouldBeEmpty();
    }

    [Fact] // D2
    public async Task An_event_that_comes_too_early_is_left_out_where_the_saga_says_so()
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new FormFiled(Guid.CreateVersion7(Time.GetUtcNow())));
        await application.DrainAsync();

        Journal.Lines.ShouldBeEmpty();
        (await OpenAsync()).ShouldBeEmpty();
        application.Log.ShouldContain(line => line.StartsWith("Carillon.Sagas 150 ", StringComparison.Ordinal) && line.Contains("not_there"));
    }

    [Fact] // D2
    public async Task An_event_that_comes_after_the_end_is_left_out_and_logged()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();

        await application.DispatchAsync(new PaymentDeclined("1"));
        await application.DrainAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Completed);
        application.Log.Count(line => line.Contains(" 150 ") && line.Contains("for the saga order 1: ended")).ShouldBe(Journal.Lines.Contains("charge 1") ? 2 : 3);
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact] // D2
    public async Task One_that_has_ended_is_forgotten_in_time_and_can_begin_again()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureSagas(sagas => sagas.KeepEnded = TimeSpan.FromDays(1)));
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();

        Time.Advance(TimeSpan.FromDays(1));
        await Store.SweepAsync(new SweepRequest(new KnownNames([], []), Time.GetUtcNow()), Cancel);
        (await application.Sagas.FindAsync("order", "1", Cancel)).ShouldBeNull();
        await application.DispatchAsync(new OrderPlaced("1", "sofa"));
        await application.DrainAsync();

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1", "ship 1", "reserve sofa", "charge 1"]);
    }

    [Fact] // D2
    public async Task The_same_event_twice_is_taken_once()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(worker => worker.KeepCompleted = TimeSpan.FromDays(1)));
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        (await application.Deliveries.ReplayAsync(new DeliveryFilter { EventName = "stock.reserved" }, cancellationToken: Cancel)).ShouldBe(1);
        await application.DrainAsync();

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1"]);
        application.Log.ShouldContain(line => line.Contains(" 150 ") && line.Contains("taken_before"));
    }

    [Fact] // D2
    public async Task A_second_event_that_would_begin_it_is_left_out()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        await application.DispatchAsync(new OrderPlaced("1", "sofa"));
        await application.DrainAsync();

        Journal.Lines.ShouldBe(["reserve lamp", "charge 1"]);
        application.Log.ShouldContain(line => line.Contains(" 150 ") && line.Contains("started_before"));
    }

    [Fact] // D2
    public async Task Of_two_events_that_begin_it_at_once_one_wins_and_the_other_joins()
    {
        if (Stores is not Sqlite.SqliteStores)
        {
            // Both are in their methods before one of them is saved. SQLite has one writer, which they wait for in line.
            var met = new TaskCompletionSource();
            var there = 0;
            Journal.Meeting = () => Interlocked.Increment(ref there) switch { 1 => met.Task, 2 => Task.Run(met.SetResult), _ => Task.CompletedTask };
        }

        await using var application = await SagaApplication.StartAsync(await Stores.OpenAsync(), Journal, carillon => carillon.AddListeners());
        var form = Guid.CreateVersion7(Time.GetUtcNow());

        await Task.WhenAll(application.DispatchAsync(new FormSigned(form)), application.DispatchAsync(new FormStamped(form)));
        await Until(async () => await application.Sagas.FindAsync("paperwork", form.ToString(), Cancel) is { Saga.Version: 2 });

        (await application.Sagas.FindAsync("paperwork", form.ToString(), Cancel))!.Saga.State.ShouldBe("""{"isSigned":true,"isStamped":true}""");
        Journal.Lines.ShouldContain("signedstamped");
    }

    [Theory] // D2
    [InlineData("", "no value")]
    [InlineData(null, "no value")]
    [InlineData("201", "one of 201 characters")]
    public async Task An_event_without_a_key_is_kept_as_failed_at_once(string? key, string reason)
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new OrderPlaced(key == "201" ? new string('k', 201) : key, "lamp"));
        await application.DrainAsync();

        var failed = (await OpenAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Error.ShouldNotBeNull().ShouldContain($"has {reason} in the property by which 'OrderProcess.Reserve' finds its saga 'order'");
    }

    [Fact] // D2
    public async Task A_saga_that_nobody_here_knows_is_shown_and_its_events_are_put_aside()
    {
        await using (var knowing = await StartAsync())
        {
            await knowing.DispatchAsync(new OrderPlaced("1", "lamp"));
            await knowing.DrainAsync();
            await knowing.DispatchAsync(new PaymentReceived("1"));
        }

        await using var unknowing = await SagaApplication.StartAsync(
            await Stores.OpenAsync(), Journal, carillon => carillon.UseSimulatedTime(Time).RunDeliveriesByHand().AddEvent<PaymentReceived>().AddEvent<PaymentOverdue>());
        await unknowing.DrainAsync();

        (await unknowing.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        (await OpenAsync()).ShouldContain(delivery => delivery.ListenerId == "OrderProcess.Ship" && delivery.State == DeliveryState.Parked);
        (await unknowing.Sagas.FindAsync("nobody", "1", Cancel)).ShouldBeNull();
        (await unknowing.Sagas.ListAsync(new SagaQuery { Saga = "nobody" }, Cancel)).ShouldBeEmpty();
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            await timer.WaitForNextTickAsync(Cancel);
        }
    }
}
