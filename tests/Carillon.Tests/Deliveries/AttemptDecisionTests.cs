using Carillon.Deliveries;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Deliveries;

/// <summary>What a durable listener can say beside "done" and "failed"; conformance 409.</summary>
public sealed class AttemptDecisionTests : DeliveriesByHand
{
    [Fact] // Conformance 375
    public async Task A_snooze_comes_back_later_and_the_attempt_does_not_count()
    {
        var attempts = new List<int>();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                attempts.Add(context.Attempt);
                if (attempts.Count < 3)
                {
                    context.Snooze(TimeSpan.FromMinutes(5));
                }

                return ValueTask.CompletedTask;
            },
            Durable("patient", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
        var snoozed = (await ListAsync()).ShouldHaveSingleItem();
        (snoozed.State, snoozed.Attempts, snoozed.DueAt).ShouldBe((DeliveryState.Scheduled, 0, Time.GetUtcNow().AddMinutes(5)));
        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddMinutes(10), cancellationToken: Cancellation);

        attempts.ShouldBe([1, 1, 1]);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact] // Conformance 376
    public async Task A_snooze_of_zero_is_available_at_once()
    {
        var calls = 0;
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                if (++calls == 1)
                {
                    context.Snooze(TimeSpan.Zero);
                }

                return ValueTask.CompletedTask;
            },
            Durable("patient")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task A_listener_that_has_no_use_for_its_delivery_discards_it_with_the_reason()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Discard, Durable("choosy")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var discarded = (await ListAsync()).ShouldHaveSingleItem();
        (discarded.State, discarded.Error).ShouldBe((DeliveryState.Discarded, "the poll is gone"));
        application.Log.Entries.ShouldContain(entry => entry.Id == 106 && entry.Message.Contains("the poll is gone"));
    }

    [Fact]
    public async Task What_is_discarded_is_kept_as_long_as_asked()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.KeepDiscarded = TimeSpan.FromHours(1))
            .Listen<NumberCounted>(Discard, Durable("choosy")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var known = new KnownNames(System.Collections.Frozen.FrozenSet<string>.Empty, System.Collections.Frozen.FrozenSet<string>.Empty);

        Time.Advance(TimeSpan.FromMinutes(59));
        await Store.SweepAsync(new SweepRequest(known, Time.GetUtcNow()), Cancellation);
        (await ListAsync()).Count.ShouldBe(1);
        Time.Advance(TimeSpan.FromMinutes(1));
        await Store.SweepAsync(new SweepRequest(known, Time.GetUtcNow()), Cancellation);

        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact] // B9: a negative acknowledgement
    public async Task A_rejected_event_comes_again_after_the_delay_and_the_last_attempt_fails()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                context.Reject("the other side is closed", TimeSpan.FromHours(1));
                return ValueTask.CompletedTask;
            },
            Durable("refusing", maxAttempts: 2)));
        var start = Time.GetUtcNow();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var rejected = (await ListAsync()).ShouldHaveSingleItem();
        (rejected.State, rejected.Attempts, rejected.DueAt).ShouldBe((DeliveryState.Scheduled, 1, start.AddHours(1)));
        await application.Services.DrainDeliveriesAsync(start.AddHours(1), cancellationToken: Cancellation);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        (failed.State, failed.Attempts, failed.Error).ShouldBe((DeliveryState.Failed, 2, "the other side is closed"));
    }

    [Fact]
    public async Task A_rejected_event_without_a_delay_backs_off_as_one_that_failed()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                context.Reject("not yet");
                return ValueTask.CompletedTask;
            },
            Durable("refusing")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().DueAt.ShouldBe(Time.GetUtcNow().AddSeconds(1));
    }

    [Fact]
    public async Task An_exception_counts_more_than_what_was_decided()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                context.Discard("of no use");
                throw new InvalidOperationException("after all");
            },
            Durable("undecided", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Error.ShouldNotBeNull().ShouldContain("after all");
    }

    [Fact]
    public async Task A_listener_that_cannot_succeed_fails_at_once()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => throw new UnrecoverableListenerException("no such customer"), Durable("hopeless")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        (failed.State, failed.Attempts).ShouldBe((DeliveryState.Failed, 1));
        failed.Error.ShouldNotBeNull().ShouldContain("no such customer");
    }

    [Fact]
    public async Task A_listener_that_is_not_durable_has_no_delivery_to_decide_about()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Discard));

        (await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new NumberCounted(7), Cancellation)))
            .Message.ShouldContain("called Discard");
    }

    [Fact] // Conformance 410
    public async Task Every_attempt_that_failed_is_listed_with_its_time_and_reason()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) => throw new InvalidOperationException($"reason {context.Attempt}"), Durable("failing", maxAttempts: 3)));
        var start = Time.GetUtcNow();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(start.AddHours(1), cancellationToken: Cancellation);
        var id = (await ListAsync()).ShouldHaveSingleItem().Id;

        var details = await application.Services.GetRequiredService<IDeliveries>().FindAsync(id, Cancellation);

        details.ShouldNotBeNull().FailedAttempts.Select(attempt => (attempt.Number, (attempt.At - start).TotalSeconds)).ShouldBe([(1, 0d), (2, 1d), (3, 3d)]);
        details.FailedAttempts.Select(attempt => attempt.Error.Split('\n')[0]).ShouldAllBe(error => error.Contains("reason "));
        details.Envelope.EventName.ShouldBe("number.counted");
    }

    private static ValueTask Discard(NumberCounted counted, EventContext context, CancellationToken token)
    {
        context.Discard("the poll is gone");
        return ValueTask.CompletedTask;
    }
}
