using System.Text;
using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sagas;
using Carillon.Testing;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>What sagas do, on each store.</summary>
public abstract class SagaTests<TStores> : IAsyncLifetime
    where TStores : TestStores, new()
{
    private readonly TStores _stores = new();
    private readonly SimulatedTime _time = new();
    private readonly Journal _journal = new();
    private IDeliveryStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await _stores.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact] // D2
    public async Task A_process_of_three_events_keeps_its_state_and_comes_to_its_end()
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        var running = (await application.Sagas.FindAsync("order", "1", Cancel)).ShouldNotBeNull();
        (running.Saga.Status, running.Saga.Version, running.Saga.State).ShouldBe((SagaStatus.Running, 2L, """{"sku":"lamp","touched":0}"""));
        running.OpenTimeOuts.ShouldBe(["payment.overdue"]);
        running.ToCompensate.ShouldBe(["OrderProcess.Charge", "OrderProcess.Reserve"]);

        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1", "ship 1"]);
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

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1", "refund 1", "release lamp: declined"]);
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
        _journal.FailuresOfRefund = 2;
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        await application.DispatchAsync(new PaymentDeclined("1"));
        await application.DrainAsync();

        _journal.Lines.ShouldNotContain(line => line.StartsWith("release", StringComparison.Ordinal));
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Compensating);
        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();
        application.Log.ShouldContain(line => line.Contains(" 150 ") && line.Contains("gave_up"));

        for (var hour = 0; hour < 3; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await application.DrainAsync();
        }

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1", "refund 1", "refund 1", "refund 1", "release lamp: declined"]);
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Compensated);
    }

    [Fact] // D2
    public async Task A_time_out_comes_at_its_time()
    {
        await using var application = await StartAsync();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        _time.Advance(TimeSpan.FromMinutes(59));
        await application.DrainAsync();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        _time.Advance(TimeSpan.FromMinutes(1));
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

        _time.Advance(TimeSpan.FromHours(4));
        await application.DrainAsync();
        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        _time.Advance(TimeSpan.FromHours(1));
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
    public async Task An_event_that_comes_before_the_one_that_begins_waits_for_it()
    {
        await using var application = await StartAsync();

        await application.DispatchAsync(new PaymentReceived("1"));
        await application.DrainAsync();
        _journal.Lines.ShouldBeEmpty();
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await application.DrainAsync();

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1", "ship 1"]);
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

        await application.DispatchAsync(new FormFiled(Guid.NewGuid()));
        await application.DrainAsync();

        _journal.Lines.ShouldBeEmpty();
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
        application.Log.Count(line => line.Contains(" 150 ") && line.Contains("for the saga order 1: ended")).ShouldBe(_journal.Lines.Contains("charge 1") ? 2 : 3);
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

        _time.Advance(TimeSpan.FromDays(1));
        await _store.SweepAsync(new SweepRequest(new KnownNames([], []), _time.GetUtcNow()), Cancel);
        (await application.Sagas.FindAsync("order", "1", Cancel)).ShouldBeNull();
        await application.DispatchAsync(new OrderPlaced("1", "sofa"));
        await application.DrainAsync();

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1", "ship 1", "reserve sofa", "charge 1"]);
    }

    [Fact] // D2
    public async Task The_same_event_twice_is_taken_once()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(worker => worker.KeepCompleted = TimeSpan.FromDays(1)));
        await application.DispatchAsync(new OrderPlaced("1", "lamp"));
        await application.DrainAsync();

        (await application.Deliveries.ReplayAsync(new DeliveryFilter { EventName = "stock.reserved" }, cancellationToken: Cancel)).ShouldBe(1);
        await application.DrainAsync();

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1"]);
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

        _journal.Lines.ShouldBe(["reserve lamp", "charge 1"]);
        application.Log.ShouldContain(line => line.Contains(" 150 ") && line.Contains("started_before"));
    }

    [Fact] // D2
    public async Task Of_two_events_that_begin_it_at_once_one_wins_and_the_other_joins()
    {
        if (_stores is not Sqlite.SqliteStores)
        {
            // Both are in their methods before one of them is saved. SQLite has one writer, which they wait for in line.
            var met = new TaskCompletionSource();
            var there = 0;
            _journal.Meeting = () => Interlocked.Increment(ref there) switch { 1 => met.Task, 2 => Task.Run(met.SetResult), _ => Task.CompletedTask };
        }

        await using var application = await SagaApplication.StartAsync(await _stores.OpenAsync(), _journal, carillon => carillon.AddListeners());
        var form = Guid.NewGuid();

        await Task.WhenAll(application.DispatchAsync(new FormSigned(form)), application.DispatchAsync(new FormStamped(form)));
        await Until(async () => await application.Sagas.FindAsync("paperwork", form.ToString(), Cancel) is { Saga.Version: 2 });

        (await application.Sagas.FindAsync("paperwork", form.ToString(), Cancel))!.Saga.State.ShouldBe("""{"isSigned":true,"isStamped":true}""");
        _journal.Lines.ShouldContain("signedstamped");
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
        _journal.Lines.ShouldNotContain("remind");
        await application.DispatchAsync(new OrderTouched("1", "later"));
        await application.DrainAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await application.DrainAsync();

        (await application.Sagas.FindAsync("order", "1", Cancel))!.Saga.State.ShouldContain("\"touched\":2");
        _journal.Lines.Count(line => line == "remind").ShouldBe(2);
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
        _journal.Lines.ShouldNotContain("remind");
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
            await _stores.OpenAsync(), _journal, carillon => carillon.UseSimulatedTime(_time).RunDeliveriesByHand().AddEvent<PaymentReceived>().AddEvent<PaymentOverdue>());
        await unknowing.DrainAsync();

        (await unknowing.Sagas.FindAsync("order", "1", Cancel))!.Saga.Status.ShouldBe(SagaStatus.Running);
        (await OpenAsync()).ShouldContain(delivery => delivery.ListenerId == "OrderProcess.Ship" && delivery.State == DeliveryState.Parked);
        (await unknowing.Sagas.FindAsync("nobody", "1", Cancel)).ShouldBeNull();
        (await unknowing.Sagas.ListAsync(new SagaQuery { Saga = "nobody" }, Cancel)).ShouldBeEmpty();
    }

    [Fact] // D2
    public async Task State_that_was_saved_with_an_earlier_version_is_turned_into_what_it_is_today()
    {
        await SaveCardAsync(version: 1, """{"usedTimes":4}""");
        await using var application = await StartAsync();

        await application.DispatchAsync(new CardUsed(7));
        await application.DrainAsync();

        var card = (await application.Sagas.FindAsync("card", "7", Cancel))!.Saga;
        (card.StateVersion, card.State).ShouldBe((2, """{"uses":5}"""));
    }

    [Fact] // D2
    public async Task State_that_was_saved_with_a_later_version_is_left_alone_and_the_event_comes_again()
    {
        await SaveCardAsync(version: 3, """{"everything":"else"}""");
        await using var application = await StartAsync();

        await application.DispatchAsync(new CardUsed(7));
        await application.DrainAsync();

        (await OpenAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("was saved with version 3 of its state, and this application knows up to 2");
        (await application.Sagas.FindAsync("card", "7", Cancel))!.Saga.State.ShouldBe("""{"everything":"else"}""");
    }

    [Fact] // D2
    public async Task State_that_cannot_be_read_fails_the_attempt_and_says_what_to_do()
    {
        await SaveCardAsync(version: 2, """{"uses":"many"}""");
        await using var application = await StartAsync();

        await application.DispatchAsync(new CardUsed(7));
        await application.DrainAsync();

        var error = (await OpenAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull();
        error.ShouldContain("The state of the saga 'card' with the key '7', of version 2, cannot be read as");
        error.ShouldContain("raise the version in [Saga] and override Upgrade");
    }

    private async Task SaveCardAsync(int version, string state)
    {
        var now = _time.GetUtcNow();
        var saga = new SagaInstance
        {
            Saga = "card",
            Key = "7",
            Status = SagaStatus.Running,
            Version = 1,
            StateVersion = version,
            State = Encoding.UTF8.GetBytes(state),
            Progress = "{}"u8.ToArray(),
            StartedAt = now,
            UpdatedAt = now,
        };
        (await ((ISagaStore)_store).SaveAsync(transaction: null, saga, new SagaEntry(1, now, "CardProcess.Issue", "card.issued", Guid.NewGuid(), SagaStatus.Running), Cancel)).ShouldBeTrue();
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            await timer.WaitForNextTickAsync(Cancel);
        }
    }

    private async Task<SagaApplication> StartAsync(Action<CarillonBuilder>? configure = null) => await SagaApplication.StartAsync(await _stores.OpenAsync(), _journal, carillon =>
    {
        carillon.UseSimulatedTime(_time).RunDeliveriesByHand().AddListeners();
        configure?.Invoke(carillon);
    });

    private async Task<IReadOnlyList<DeliverySnapshot>> OpenAsync() =>
        [.. (await _store.ListAsync(new DeliveryQuery { PageSize = 1000 }, _time.GetUtcNow(), Cancel)).Where(delivery => delivery.State is not (DeliveryState.Completed or DeliveryState.Discarded or DeliveryState.Cancelled))];
}
