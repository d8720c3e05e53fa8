using Carillon.Deliveries;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Transactions;

public sealed class JoinedTests : UnitsOfWork
{
    [Fact] // nobody sees the commit coming, so what comes before it runs with the dispatch, in the transaction still
    public async Task A_reported_commit_calls_those_after_it()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Join(transaction);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        Ran.ShouldBe(["before 1"]);
        Store.Batches.ShouldBe([1]);
        await transaction.CommitAsync(Cancellation);
        Ran.ShouldBe(["before 1"]);

        await work.CommittedAsync(Cancellation);

        Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_reported_rollback_calls_those_after_it()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon));
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Join(transaction);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await transaction.RollbackAsync(Cancellation);

        await work.RolledBackAsync();

        Ran.ShouldBe(["before 1", "rollback 1", "completion 1"]);
    }

    [Fact]
    public async Task Without_a_report_nobody_of_a_later_phase_runs_and_a_warning_says_so()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using (Units(application).Join(transaction))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Ran.ShouldBe(["before 1"]);
        (await CountDeliveriesAsync()).ShouldBe(1);
        application.Log.Entries.Single(entry => entry.Id == 133).Message.ShouldStartWith("A joined transaction was left without a report of its outcome. 1 deliveries");
    }

    [Fact]
    public async Task Without_a_report_there_is_no_warning_if_nothing_waited_for_it()
    {
        await using var application = await StartAsync(_ => { });
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using (Units(application).Join(transaction))
        {
            await application.Events.DispatchAsync(new Placed(1), Cancellation);
        }

        application.Log.Entries.ShouldNotContain(entry => entry.Id == 133);
    }

    [Fact] // what is in line for the database waits for this transaction instead of in vain for its lock
    public async Task A_joined_transaction_has_the_turn_of_the_store_until_its_end()
    {
        var turn = new Turn();
        Store.Turn = turn;
        await using var application = await StartAsync(_ => { });
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Join(transaction);
        turn.HasEnded.ShouldBeFalse();

        await work.CommittedAsync(Cancellation);

        turn.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_nobody_reports_or_disposes_of_gives_its_turn_back_and_warns_when_its_scope_ends()
    {
        var turn = new Turn();
        Store.Turn = turn;
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        await using (var scope = application.Services.CreateAsyncScope())
        {
            var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
            scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().Join(transaction);
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Placed(1), Cancellation);
            await transaction.CommitAsync(Cancellation);
            turn.HasEnded.ShouldBeFalse();
        }

        turn.HasEnded.ShouldBeTrue();
        (await CountDeliveriesAsync()).ShouldBe(1);
        application.Log.Entries.ShouldContain(entry => entry.Id == 133);
    }

    [Fact] // a database may go on after a statement that failed
    public async Task What_could_not_be_written_has_no_receipt_though_the_application_commits()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        var transaction = await Database.Open().BeginTransactionAsync(Cancellation);
        using var work = Units(application).Join(transaction);
        List<DeliveryReceipt> refused = [], written = [];
        Store.RefusesToWrite = true;
        await Should.ThrowAsync<DeliveryStoreException>(
            async () => await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { Receipts = refused }, Cancellation));
        Store.RefusesToWrite = false;
        await application.Events.DispatchAsync(new Placed(2), new DeliveryOptions { Receipts = written }, Cancellation);
        await transaction.CommitAsync(Cancellation);

        await work.CommittedAsync(Cancellation);

        refused.ShouldBeEmpty();
        written.ShouldHaveSingleItem().Id.ShouldBeGreaterThan(0);
        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    private sealed class Turn : IDisposable
    {
        internal bool HasEnded { get; private set; }

        public void Dispose() => HasEnded = true;
    }
}
