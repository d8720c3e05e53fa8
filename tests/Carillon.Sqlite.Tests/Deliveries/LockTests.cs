using System.Collections.Frozen;
using Carillon.Conformance;
using Carillon.Deliveries;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>While another connection has the write lock.</summary>
public sealed class LockTests : IAsyncDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task A_write_fails_after_the_busy_timeout_with_the_event_the_file_and_the_mend()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = Short);
        using var application = Lock();

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await store.AddAsync([TestDeliveries.New("poll.created", "Sitemap")], Cancel));

        exception.Message.ShouldContain("write 1 delivery of 'poll.created' for 'Sitemap'");
        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("database is locked");
        exception.Message.ShouldContain("Nothing has changed");
        exception.Message.ShouldContain("longer than 0.02 s");
        exception.Message.ShouldContain("BusyTimeout");
        exception.InnerException.ShouldBeOfType<SqliteException>();
    }

    [Fact]
    public async Task The_store_works_again_when_the_lock_is_released()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = Short);
        var application = Lock();
        await Should.ThrowAsync<DeliveryStoreException>(async () => await store.AddAsync([TestDeliveries.New()], Cancel));

        application.Dispose();
        await store.AddAsync([TestDeliveries.New()], Cancel);

        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task Preparing_fails_with_the_file_and_the_mend()
    {
        await _file.OpenStoreAsync();
        using var application = Lock();

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await _file.OpenStoreAsync(options => options.BusyTimeout = Short));

        exception.Message.ShouldContain("prepare the delivery tables");
        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("BusyTimeout");
    }

    [Fact]
    public async Task Reading_goes_on()
    {
        var store = await _file.OpenStoreAsync();
        await store.AddAsync([TestDeliveries.New(dueAt: Now)], Cancel);
        using var application = Lock();

        (await store.CountAsync(Now, Cancel))[DeliveryState.Ready].ShouldBe(1);
        (await store.ListAsync(new DeliveryQuery(), Now, Cancel)).Count.ShouldBe(1);
        (await store.GetNextDueAsync(Now.AddTicks(-1), Cancel)).ShouldBe(Now);
    }

    [Fact]
    public async Task A_worker_for_whom_nothing_is_due_does_not_wait_for_the_lock()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = Short);
        await store.AddAsync([TestDeliveries.New(dueAt: Now.AddHours(1))], Cancel);
        using var application = Lock();

        (await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sweep_that_finds_nothing_to_do_does_not_wait_for_the_lock()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = Short);
        await store.AddAsync([TestDeliveries.New()], Cancel);
        using var application = Lock();

        (await store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet<string>.Empty, FrozenSet<string>.Empty), Now), Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Whatever_is_asked_fails_with_what_it_was_and_can_be_asked_again()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = Short);
        await store.AddAsync([TestDeliveries.New(), TestDeliveries.New()], Cancel);
        var application = Lock();

        (await FailAsync(async () => await store.PauseAsync("mail", Now, Cancel))).ShouldContain("pause the queue 'mail'");
        (await FailAsync(async () => await store.ResumeAsync("mail", Cancel))).ShouldContain("resume the queue 'mail'");
        (await FailAsync(async () => await store.RetryAsync([1], Now, Cancel))).ShouldContain("retry delivery 1");
        (await FailAsync(async () => await store.DiscardAsync([1, 2], Now, null, Cancel))).ShouldContain("discard 2 deliveries");
        (await FailAsync(async () => await store.CancelAsync([1], Now, null, Cancel))).ShouldContain("cancel delivery 1");
        (await FailAsync(async () => await store.RescheduleAsync(1, Now, Now, Cancel))).ShouldContain("reschedule delivery 1");
        (await FailAsync(async () => await store.TryRecordAsync(null, "Sitemap", "message 7", Now, Now, Cancel))).ShouldContain("'Sitemap' has seen the message 'message 7'");
        (await FailAsync(async () => await store.ForgetAsync("Sitemap", "message 7", Cancel))).ShouldContain("forget that 'Sitemap'");
        (await FailAsync(async () => await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now), Now, 1), Cancel))).ShouldContain("lease deliveries for 'worker'");

        application.Dispose();
        (await store.CancelAsync([1, 2], Now, null, Cancel)).ShouldBe([CancelResult.Cancelled, CancelResult.Cancelled]);
    }

    [Fact]
    public async Task A_settlement_in_a_transaction_that_does_not_get_the_lock_fails_and_is_made_by_the_next_one()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = Short);
        await store.AddAsync([TestDeliveries.New("poll.created")], Cancel);
        var leased = (await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 1), Cancel)).ShouldHaveSingleItem();
        var completed = new Settlement { Delivery = leased, Outcome = DeliveryOutcome.Completed, At = Now };
        using var listener = _file.Connect();
        using var transaction = listener.BeginTransaction(deferred: true);
        var application = Lock();

        (await FailAsync(async () => await store.SettleAsync(transaction, completed, Cancel))).ShouldContain("settle 1 delivery of 'poll.created'");
        application.Dispose();
        (await store.SettleAsync(transaction, completed, Cancel)).ShouldBeTrue();
        transaction.Commit();

        _file.CountRows().ShouldBe(0);
    }

    [Fact]
    public async Task A_busy_timeout_below_a_second_is_waited_for_too()
    {
        // SQLite's own waiting, compiled without usleep, would give up at once.
        using var tries = new SemaphoreSlim(0);
        var store = await _file.OpenStoreAsync(options =>
        {
            options.BusyTimeout = TimeSpan.FromMilliseconds(900);
            options.ConnectionOpened = _ => tries.Release();
        });
        await tries.WaitAsync(Cancel);
        var application = Lock();
        var add = store.AddAsync([TestDeliveries.New()], Cancel);
        await tries.WaitAsync(Cancel);

        application.Dispose();
        await add;

        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_has_come_meanwhile_is_written_when_the_lock_is_released()
    {
        var store = await _file.OpenStoreAsync();
        var application = Lock();
        var adds = Enumerable.Range(0, 32).Select(_ => store.AddAsync([TestDeliveries.New(), TestDeliveries.New()], Cancel).AsTask()).ToList();

        application.Dispose();
        await Task.WhenAll(adds);

        _file.CountRows().ShouldBe(64);
    }

    [Fact]
    public async Task One_that_cannot_be_written_fails_alone()
    {
        var store = await _file.OpenStoreAsync();
        _file.Execute("CREATE TRIGGER refuse BEFORE INSERT ON carillon_deliveries WHEN NEW.listener = 'Bad' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        var application = Lock();
        var before = Enumerable.Range(0, 8).Select(_ => store.AddAsync([TestDeliveries.New()], Cancel).AsTask()).ToList();
        var bad = store.AddAsync([TestDeliveries.New(listenerId: "Good"), TestDeliveries.New("poll.closed", "Bad")], Cancel);
        var after = Enumerable.Range(0, 8).Select(_ => store.AddAsync([TestDeliveries.New()], Cancel).AsTask()).ToList();

        application.Dispose();

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await bad);
        exception.Message.ShouldContain("'poll.closed' for 'Bad'");
        exception.Message.ShouldContain("refused");
        await Task.WhenAll([.. before, .. after]);
        _file.CountRows().ShouldBe(16);
        (await store.ListAsync(new DeliveryQuery { ListenerId = "Good" }, Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_that_is_cancelled_while_it_waits_for_the_lock_stops_waiting_and_nothing_is_written()
    {
        var store = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMinutes(1));
        var application = Lock();
        using var cancellation = new CancellationTokenSource();
        var cancelled = store.AddAsync([TestDeliveries.New(listenerId: "cancelled")], cancellation.Token).AsTask();
        var other = store.AddAsync([TestDeliveries.New(listenerId: "other")], Cancel);

        await cancellation.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(cancelled)).CancellationToken.ShouldBe(cancellation.Token);
        application.Dispose();
        await other;
        (await store.ListAsync(new DeliveryQuery(), Now, Cancel)).ShouldHaveSingleItem().ListenerId.ShouldBe("other");
    }

    [Fact]
    public async Task A_write_that_has_begun_is_carried_out_and_its_caller_is_told_so_although_it_was_cancelled()
    {
        using var begun = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = connection => connection.CreateFunction("pause", () =>
        {
            begun.Release();
            return goOn.Wait(TimeSpan.FromMinutes(1));
        }));
        _file.Execute("CREATE TRIGGER pause BEFORE INSERT ON carillon_deliveries BEGIN SELECT pause(); END");
        using var cancellation = new CancellationTokenSource();
        var add = store.AddAsync([TestDeliveries.New()], cancellation.Token).AsTask();
        await begun.WaitAsync(Cancel);

        await cancellation.CancelAsync();
        add.IsCompleted.ShouldBeFalse();
        goOn.Set();
        await add;

        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_is_disposed_first_writes_what_is_waiting()
    {
        var store = await _file.OpenStoreAsync();
        var application = Lock();
        var adds = Enumerable.Range(0, 8).Select(_ => store.AddAsync([TestDeliveries.New()], Cancel).AsTask()).ToList();

        var disposing = store.DisposeAsync();
        application.Dispose();
        await disposing;

        adds.ShouldAllBe(add => add.IsCompletedSuccessfully);
        _file.CountRows().ShouldBe(8);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await store.AddAsync([TestDeliveries.New()], Cancel));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await store.CountAsync(Now, Cancel));
    }

    /// <summary>The application's connection, with the write lock until it is disposed.</summary>
    private async Task<string> FailAsync(Func<Task> call)
    {
        var message = (await Should.ThrowAsync<DeliveryStoreException>(call)).Message;
        message.ShouldContain(_file.Path);
        message.ShouldContain("BusyTimeout");
        return message;
    }

    private SqliteConnection Lock()
    {
        var connection = _file.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
