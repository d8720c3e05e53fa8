using System.Data.Common;
using System.Text;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Sagas;

namespace Carillon.Conformance.Sagas;

/// <summary>Sagas: read for a step, saved once for each version, listed, removed when they were kept long enough.</summary>
public abstract class SagaStoreTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const string Step = "Order.Reserve";

    [Fact]
    public async Task A_saga_comes_back_as_it_was_saved()
    {
        var sagas = Sagas();
        var saved = New() with { Status = SagaStatus.Compensated, StateVersion = 3, Reason = "no \0 money \uD83D\uDCB0", KeepUntil = Now.AddDays(7), UpdatedAt = Now.AddTicks(1) };
        var id = Guid.CreateVersion7(Now);

        (await SaveAsync(sagas, saved, id)).ShouldBeTrue();

        var found = (await FindAsync(sagas, "order", "1", Step, Guid.CreateVersion7(Now))).ShouldNotBeNull();
        found.HasTaken.ShouldBeFalse();
        ShouldBe(found.Instance, saved);
        (await sagas.ListEntriesAsync("order", "1", Cancel)).ShouldBe([new SagaEntry(1, saved.UpdatedAt, Step, "order.placed", id, SagaStatus.Compensated)]);
    }

    [Fact]
    public async Task One_that_is_not_there_is_not_found()
    {
        var sagas = Sagas();
        await SaveAsync(sagas, New());

        (await FindAsync(sagas, "order", "2")).ShouldBeNull();
        (await FindAsync(sagas, "orde", "r1")).ShouldBeNull();
        (await FindAsync(sagas, "Order", "1")).ShouldBeNull("names are compared character by character");
        (await sagas.ListEntriesAsync("order", "2", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_saved_once_for_each_version()
    {
        var sagas = Sagas();
        (await SaveAsync(sagas, New())).ShouldBeTrue();
        (await SaveAsync(sagas, New() with { State = Json("""{"other":1}""") })).ShouldBeFalse("it is there");
        (await SaveAsync(sagas, New(version: 2) with { State = Json("""{"second":1}"""), Reason = null })).ShouldBeTrue();
        (await SaveAsync(sagas, New(version: 2) with { State = Json("""{"again":1}""") })).ShouldBeFalse("somebody was first");
        (await SaveAsync(sagas, New(version: 4))).ShouldBeFalse("one is missing in between");
        (await SaveAsync(sagas, New(key: "2", version: 2))).ShouldBeFalse("it is not there");

        Text((await FindAsync(sagas, "order", "1"))!.Instance.State).ShouldBe("""{"second":1}""");
        (await sagas.ListEntriesAsync("order", "1", Cancel)).Select(entry => entry.Version).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task A_step_knows_the_events_that_it_has_taken()
    {
        var sagas = Sagas();
        var (first, second) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));
        await SaveAsync(sagas, New(), first);
        await SaveAsync(sagas, New(version: 2), second, "Order.Charge");

        (await FindAsync(sagas, "order", "1", Step, first))!.HasTaken.ShouldBeTrue();
        (await FindAsync(sagas, "order", "1", "Order.Charge", second))!.HasTaken.ShouldBeTrue();
        (await FindAsync(sagas, "order", "1", "Order.Charge", first))!.HasTaken.ShouldBeFalse("another step has");
        (await FindAsync(sagas, "order", "1", Step, second))!.HasTaken.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_saved_in_a_transaction_is_there_when_it_is_committed_and_not_when_it_is_rolled_back()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var sagas = Sagas();
        await using (var connection = await Store.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            (await sagas.FindAsync(transaction, "order", "1", Step, Guid.CreateVersion7(Now), Cancel)).ShouldBeNull();
            (await sagas.SaveAsync(transaction, New(), Entry(New()), Cancel)).ShouldBeTrue();
            (await sagas.FindAsync(transaction, "order", "1", Step, Guid.CreateVersion7(Now), Cancel)).ShouldNotBeNull("it sees its own");
            await transaction.RollbackAsync(Cancel);
        }

        (await FindAsync(sagas, "order", "1")).ShouldBeNull();
        (await sagas.ListEntriesAsync("order", "1", Cancel)).ShouldBeEmpty();
        await using (var connection = await Store.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await sagas.SaveAsync(transaction, New(), Entry(New()), Cancel);
            await transaction.CommitAsync(Cancel);
        }

        (await FindAsync(sagas, "order", "1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_transaction_goes_on_after_it_was_overtaken()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var sagas = Sagas();
        await SaveAsync(sagas, New());
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);

        (await sagas.SaveAsync(transaction, New(), Entry(New()), Cancel)).ShouldBeFalse();
        (await sagas.SaveAsync(transaction, New(key: "2"), Entry(New(key: "2")), Cancel)).ShouldBeTrue();
        await transaction.CommitAsync(Cancel);

        (await FindAsync(sagas, "order", "2")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_two_transactions_that_have_read_one_version_one_saves_it()
    {
        Needs(DeliveryStoreFeatures.WritesSideBySide);
        var sagas = Sagas();
        await SaveAsync(sagas, New());
        await using var one = await BeginAsync();
        await using var other = await BeginAsync();
        (await sagas.FindAsync(one, "order", "1", Step, Guid.CreateVersion7(Now), Cancel))!.Instance.Version.ShouldBe(1);
        (await sagas.FindAsync(other, "order", "1", Step, Guid.CreateVersion7(Now), Cancel))!.Instance.Version.ShouldBe(1);

        (await sagas.SaveAsync(one, New(version: 2), Entry(New(version: 2)), Cancel)).ShouldBeTrue();
        var waiting = sagas.SaveAsync(other, New(version: 2), Entry(New(version: 2)), Cancel).AsTask();
        await one.CommitAsync(Cancel);

        (await waiting).ShouldBeFalse();
        await other.RollbackAsync(Cancel);
        (await sagas.ListEntriesAsync("order", "1", Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_transactions_that_begin_one_the_second_waits_and_begins_it_if_the_first_is_rolled_back()
    {
        Needs(DeliveryStoreFeatures.WritesSideBySide);
        var sagas = Sagas();
        await using var one = await BeginAsync();
        await using var other = await BeginAsync();

        (await sagas.SaveAsync(one, New(), Entry(New()), Cancel)).ShouldBeTrue();
        var waiting = sagas.SaveAsync(other, New(), Entry(New()), Cancel).AsTask();
        await one.RollbackAsync(Cancel);

        (await waiting).ShouldBeTrue();
        await other.CommitAsync(Cancel);
        (await FindAsync(sagas, "order", "1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Pages_are_in_the_order_of_names_and_keys()
    {
        var sagas = Sagas();
        foreach (var (saga, key) in new[] { ("order", "b"), ("order", "a"), ("order", "\uFF5E"), ("order", "\uD83D\uDE00"), ("invoice", "z"), ("order", "B") })
        {
            await SaveAsync(sagas, New(saga, key));
        }

        var first = await sagas.ListAsync(new SagaQuery { PageSize = 4 }, Cancel);
        var second = await sagas.ListAsync(new SagaQuery { PageSize = 4, After = (first[^1].Saga, first[^1].Key) }, Cancel);

        first.Concat(second).Select(each => $"{each.Saga} {each.Key}").ShouldBe(["invoice z", "order B", "order a", "order b", "order \uFF5E", "order \uD83D\uDE00"]);
        (await sagas.ListAsync(new SagaQuery { After = ("order", "\uD83D\uDE00") }, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task They_are_found_by_name_key_status_and_age()
    {
        var sagas = Sagas();
        await SaveAsync(sagas, New("order", "1") with { UpdatedAt = Now.AddHours(-2) });
        await SaveAsync(sagas, New("order", "2") with { Status = SagaStatus.Completed, KeepUntil = Now.AddDays(1) });
        await SaveAsync(sagas, New("invoice", "1") with { Status = SagaStatus.Compensating });

        (await ListAsync(new SagaQuery { Saga = "order" })).ShouldBe(["order 1", "order 2"]);
        (await ListAsync(new SagaQuery { Key = "1" })).ShouldBe(["invoice 1", "order 1"]);
        (await ListAsync(new SagaQuery { Status = SagaStatus.Completed })).ShouldBe(["order 2"]);
        (await ListAsync(new SagaQuery { UpdatedBefore = Now.AddHours(-1) })).ShouldBe(["order 1"]);
        (await ListAsync(new SagaQuery { Saga = "order", Key = "2", Status = SagaStatus.Completed })).ShouldBe(["order 2"]);
        (await ListAsync(new SagaQuery { Saga = "order", Key = "1" })).ShouldBe(["order 1"]);
        (await ListAsync(new SagaQuery { Saga = "nobody" })).ShouldBeEmpty();
        (await sagas.CountAsync(saga: null, Cancel)).ShouldBe(
            new Dictionary<SagaStatus, long> { [SagaStatus.Running] = 1, [SagaStatus.Completed] = 1, [SagaStatus.Compensating] = 1 }, ignoreOrder: true);
        (await sagas.CountAsync("order", Cancel)).ShouldBe(new Dictionary<SagaStatus, long> { [SagaStatus.Running] = 1, [SagaStatus.Completed] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_kept_long_enough_is_swept_with_its_history_and_what_runs_never_is()
    {
        var sagas = Sagas();
        await SaveAsync(sagas, New("order", "running"));
        await SaveAsync(sagas, New("order", "ended") with { Status = SagaStatus.Completed, KeepUntil = Now.AddHours(1) });
        await SaveAsync(sagas, New("order", "kept") with { Status = SagaStatus.Completed, KeepUntil = Now.AddHours(2) });

        await SweepAsync(Now.AddHours(1).AddTicks(-1));
        (await ListAsync(new SagaQuery())).Count.ShouldBe(3);
        await SweepAsync(Now.AddHours(1));

        (await ListAsync(new SagaQuery())).ShouldBe(["order kept", "order running"]);
        (await sagas.ListEntriesAsync("order", "ended", Cancel)).ShouldBeEmpty();
        (await sagas.ListEntriesAsync("order", "kept", Cancel)).Count.ShouldBe(1);
        (await SaveAsync(sagas, New("order", "ended"))).ShouldBeTrue("it is free again");
    }

    [Fact]
    public async Task More_than_one_piece_are_swept()
    {
        var sagas = Sagas();
        for (var number = 0; number < 1_001; number++)
        {
            await SaveAsync(sagas, New("order", $"{number:0000}") with { Status = SagaStatus.Completed, KeepUntil = Now });
        }

        await SweepAsync(Now);

        (await sagas.CountAsync(saga: null, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_there_after_a_restart()
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        var saved = New();
        await SaveAsync(Sagas(), saved);

        await RestartAsync();

        ShouldBe((await FindAsync(Sagas(), "order", "1"))!.Instance, saved);
    }

    [Fact]
    public async Task Hostile_names_keys_and_states_are_kept_as_they_are()
    {
        var sagas = Sagas();
        var key = "'; DROP TABLE carillon_sagas; -- \0 \uD83D\uDE00 \u001A0";
        await SaveAsync(sagas, New("o\"r'd", key) with { State = Json("""{"a":"\u0000'"}""") }, step: "st'ep");

        var found = (await FindAsync(sagas, "o\"r'd", key)).ShouldNotBeNull();

        found.Instance.Key.ShouldBe(key);
        Text(found.Instance.State).ShouldBe("""{"a":"\u0000'"}""");
        (await sagas.ListEntriesAsync("o\"r'd", key, Cancel)).ShouldHaveSingleItem().Step.ShouldBe("st'ep");
        (await ListAsync(new SagaQuery())).ShouldBe([$"o\"r'd {key}"]);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_changes_nothing()
    {
        var sagas = Sagas();

        await Should.ThrowAsync<OperationCanceledException>(async () => await sagas.SaveAsync(null, New(), Entry(New()), new CancellationToken(canceled: true)));

        (await FindAsync(sagas, "order", "1")).ShouldBeNull();
    }

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private static SagaInstance New(string saga = "order", string key = "1", long version = 1) => new()
    {
        Saga = saga,
        Key = key,
        Status = SagaStatus.Running,
        Version = version,
        StateVersion = 1,
        State = Json("""{"sku":"lamp"}"""),
        Progress = Json("{}"),
        StartedAt = Now.AddMinutes(-1),
        UpdatedAt = Now,
    };

    private static SagaEntry Entry(SagaInstance saga, Guid? id = null, string step = Step) =>
        new(saga.Version, saga.UpdatedAt, step, "order.placed", id ?? Guid.CreateVersion7(Now), saga.Status);

    private static ValueTask<bool> SaveAsync(ISagaStore sagas, SagaInstance saga, Guid? id = null, string step = Step) =>
        sagas.SaveAsync(transaction: null, saga, Entry(saga, id, step), Cancel);

    private static ValueTask<FoundSaga?> FindAsync(ISagaStore sagas, string saga, string key, string step = Step, Guid? id = null) =>
        sagas.FindAsync(transaction: null, saga, key, step, id ?? Guid.CreateVersion7(Now), Cancel);

    private static void ShouldBe(SagaInstance found, SagaInstance saved)
    {
        Text(found.State).ShouldBe(Text(saved.State));
        Text(found.Progress).ShouldBe(Text(saved.Progress));
        (found with { State = default, Progress = default }).ShouldBe(saved with { State = default, Progress = default });
    }

    private async ValueTask<DbTransaction> BeginAsync() =>
        await (await Store.OpenConnectionAsync(Cancel)).BeginTransactionAsync(Cancel);

    private async ValueTask<IReadOnlyList<string>> ListAsync(SagaQuery query) =>
        [.. (await Sagas().ListAsync(query, Cancel)).Select(each => $"{each.Saga} {each.Key}")];

    private ValueTask<int> SweepAsync(DateTimeOffset now) =>
        Store.SweepAsync(new SweepRequest(new KnownNames([], []), now), Cancel);

    private ISagaStore Sagas()
    {
        Needs(DeliveryStoreFeatures.Sagas);
        return (ISagaStore)Store;
    }
}
