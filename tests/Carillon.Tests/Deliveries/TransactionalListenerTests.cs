using Carillon.Deliveries;
using Carillon.Listeners;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

/// <summary>Effects exactly once: the work of a listener and the completion of its delivery are one transaction; B10, conformance 412.</summary>
public sealed class TransactionalListenerTests : DeliveriesByHand
{
    private readonly JoiningStore _joining;

    public TransactionalListenerTests() => _joining = new JoiningStore(Store);

    [Fact]
    public async Task Its_work_what_it_dispatches_and_its_completion_are_committed_together()
    {
        var followed = new List<int>();
        await using var application = await StartTransactionalAsync(
            async (e, context, token) =>
            {
                context.Transaction.ShouldBeSameAs(_joining.Transactions.Single());
                context.Transaction!.Connection.ShouldNotBeNull();
                await context.Dispatcher.DispatchAsync(new NumberDoubled(e.Number * 2), token);
                (await CountAsync()).Values.Sum().ShouldBe(1);
            },
            carillon => carillon.Listen<NumberDoubled>(e => followed.Add(e.Number), Durable("follow")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _joining.Transactions.ShouldHaveSingleItem().IsCommitted.ShouldBeTrue();
        followed.ShouldBe([14]);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_fails_is_rolled_back_with_what_it_dispatched_and_tried_again()
    {
        await using var application = await StartTransactionalAsync(
            async (e, context, token) =>
            {
                await context.Dispatcher.DispatchAsync(new NumberDoubled(e.Number * 2), token);
                throw new InvalidOperationException("not yet");
            },
            carillon => carillon.Listen<NumberDoubled>(_ => { }, Durable("follow")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _joining.Transactions.ShouldHaveSingleItem().IsRolledBack.ShouldBeTrue();
        var again = (await ListAsync()).ShouldHaveSingleItem();
        (again.State, again.Attempts).ShouldBe((DeliveryState.Scheduled, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_attempt_that_gets_no_connection_or_no_transaction_does_not_count_and_comes_again_by_itself(bool opens)
    {
        var ran = 0;
        await using var application = await StartTransactionalAsync(
            (_, context, _) =>
            {
                ran = context.Attempt;
                return ValueTask.CompletedTask;
            });
        (_joining.RefusesToOpen, _joining.RefusesToBegin) = (opens ? 0 : 20, opens);
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        for (var time = 0; time < 20; time++)
        {
            await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            Time.Advance(TimeSpan.FromSeconds(5));
        }

        var waiting = (await ListAsync()).ShouldHaveSingleItem();
        (waiting.State, waiting.Attempts, ran).ShouldBe((DeliveryState.Ready, 0, 0));
        application.Log.Entries.Count(entry => entry.Id == 113 && entry.Message.Contains("count")).ShouldBe(20);
        _joining.RefusesToBegin = false;
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        ran.ShouldBe(1);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_lease_rolls_back_and_whoever_has_the_delivery_settles_it()
    {
        await using var application = await StartTransactionalAsync((_, _, _) => ValueTask.CompletedTask);
        _joining.LosesLease = true;
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _joining.Transactions.ShouldHaveSingleItem().IsRolledBack.ShouldBeTrue();
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Leased);
        application.Log.Entries.ShouldContain(entry => entry.Id == 104);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_looked_up_and_not_done_twice()
    {
        var calls = 0;
        await using var application = await StartTransactionalAsync((_, _, _) =>
        {
            calls++;
            return ValueTask.CompletedTask;
        });
        _joining.LosesTheAnswer = true;
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddHours(1), cancellationToken: Cancellation);

        calls.ShouldBe(1);
        (await CountAsync()).ShouldBeEmpty();
        application.Log.Entries.ShouldContain(entry => entry.Id == 109);
    }

    [Fact]
    public async Task A_commit_that_was_refused_is_an_attempt_that_failed()
    {
        await using var application = await StartTransactionalAsync((_, _, _) => ValueTask.CompletedTask);
        _joining.FailsToCommit = true;
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var again = (await ListAsync()).ShouldHaveSingleItem();
        (again.State, again.Attempts).ShouldBe((DeliveryState.Scheduled, 1));
        again.Error.ShouldNotBeNull().ShouldContain("The commit was refused.");
    }

    [Fact]
    public async Task One_that_snoozes_has_its_work_rolled_back()
    {
        await using var application = await StartTransactionalAsync((_, context, _) =>
        {
            context.Snooze(TimeSpan.FromMinutes(1));
            return ValueTask.CompletedTask;
        });
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _joining.Transactions.ShouldHaveSingleItem().IsRolledBack.ShouldBeTrue();
        (await ListAsync()).ShouldHaveSingleItem().Attempts.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_ends_the_transaction_itself_fails_at_once_so_that_its_work_is_not_done_twice(bool commits)
    {
        var calls = 0;
        await using var application = await StartTransactionalAsync(async (_, context, token) =>
        {
            calls++;
            await (commits ? context.Transaction!.CommitAsync(token) : context.Transaction!.RollbackAsync(token));
        });
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddDays(1), cancellationToken: Cancellation);

        calls.ShouldBe(1);
        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Error.ShouldNotBeNull().ShouldContain("The transactional listener 'transactional' has committed or rolled back the transaction of its delivery.");
    }

    [Fact]
    public async Task Any_other_listener_has_no_transaction()
    {
        var seen = new List<object?>();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                seen.Add(context.Transaction);
                return ValueTask.CompletedTask;
            },
            Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([null]);
    }

    [Fact]
    public async Task With_a_store_that_joins_no_transactions_the_host_does_not_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Transactional)));

        error.Problems.ShouldHaveSingleItem().ShouldStartWith(
            "The listener 'transactional' of 'Carillon.Tests.NumberCounted' is transactional, but the deliveries in memory take part in no transaction.");
    }

    private Task<Application> StartTransactionalAsync(
        Func<NumberCounted, EventContext, CancellationToken, ValueTask> handler, Action<CarillonBuilder>? configure = null) =>
        Application.StartAsync(carillon =>
        {
            carillon.UseStore(_ => _joining).UseSimulatedTime(Time).RunDeliveriesByHand().Listen(handler, Transactional);
            configure?.Invoke(carillon);
        });

    private static void Transactional(ListenOptions options) =>
        (options.Delivery, options.Id, options.Transactional) = (Delivery.Durable, "transactional", true);
}

[Event("number.doubled")]
internal sealed record NumberDoubled(int Number);
