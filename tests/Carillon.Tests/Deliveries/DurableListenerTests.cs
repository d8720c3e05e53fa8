using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Envelopes;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Deliveries;

public sealed class DurableListenerTests
{
    private readonly SimulatedTime _time = new();
    private readonly InMemoryDeliveryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // B1
    public async Task A_durable_listener_runs_after_the_dispatch_and_not_in_it()
    {
        var seen = new List<int>();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(e => seen.Add(e.Number), Durable("count")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        seen.ShouldBeEmpty();
        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);

        seen.ShouldBe([7]);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact] // B1, B15, conformance 225
    public async Task Each_durable_listener_has_its_own_delivery_and_its_own_copy_and_fails_alone()
    {
        var seen = new List<object>();
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(seen.Add, Durable("one"))
            .Listen<NumberCounted>(seen.Add, Durable("two"))
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("no"), Durable("failing")));
        var counted = new NumberCounted(7);

        await application.Events.DispatchAsync(counted, Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.Count.ShouldBe(2);
        seen[0].ShouldBe(counted);
        seen[0].ShouldNotBeSameAs(counted);
        seen[0].ShouldNotBeSameAs(seen[1]);
        (await ListAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("failing");
    }

    [Fact] // "If propagation is stopped before a listener's place it does not take part, durable ones included"
    public async Task A_durable_listener_behind_a_stop_gets_no_delivery_and_one_before_it_does()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => { }, Durable("before", priority: 2))
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    context.StopPropagation();
                    return ValueTask.CompletedTask;
                },
                options => options.Priority = 1)
            .Listen<NumberCounted>(_ => { }, Durable("behind")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("before");
    }

    [Fact] // "an exception from an inline listener means that nothing of this dispatch is recorded"
    public async Task Nothing_is_recorded_when_an_inline_listener_throws()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => { }, Durable("first", priority: 1))
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("no")));

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new NumberCounted(7), Cancellation));

        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact] // Conformance 258
    public async Task A_durable_listener_of_an_interface_gets_the_concrete_event()
    {
        object? seen = null;
        await using var application = await StartAsync(carillon => carillon
            .AddEvent<NumberCounted>()
            .Listen<object>(e => seen = e, Durable("any")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(new NumberCounted(7));
    }

    [Fact]
    public async Task An_event_without_a_name_is_refused_at_dispatch_with_the_mend()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<object>(_ => { }, Durable("any")));

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new NumberCounted(7), Cancellation));

        error.Message.ShouldContain(nameof(NumberCounted));
        error.Message.ShouldContain("'any'");
        error.Message.ShouldContain("AddEvent<T>()");
    }

    [Fact] // Conformance 260
    public async Task The_event_is_captured_as_the_inline_listeners_left_it_whatever_happens_to_it_afterwards()
    {
        var seen = new List<string>();
        await using var application = await StartAsync(carillon => carillon
            .Listen<Mutable>(e => e.Text += " inline")
            .Listen<Mutable>(e => seen.Add(e.Text), Durable("late", priority: 5)));
        var @event = new Mutable { Text = "given" };

        await application.Events.DispatchAsync(@event, Cancellation);
        @event.Text = "changed later";
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["given inline"]);
    }

    [Fact] // B9, conformance 275
    public async Task A_failed_attempt_comes_again_after_growing_delays()
    {
        var attempts = new List<DateTimeOffset>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.Jitter = 0)
            .Listen<NumberCounted>(
                _ =>
                {
                    attempts.Add(_time.GetUtcNow());
                    throw new InvalidOperationException("not yet");
                },
                Durable("failing")));
        var start = _time.GetUtcNow();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        for (var second = 0; second <= 8; second++)
        {
            await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        attempts.Select(at => (at - start).TotalSeconds).ShouldBe([0, 1, 3, 7]);
    }

    [Fact] // B9, conformance 410 (the last error; all of them come with the history)
    public async Task After_the_last_attempt_it_is_kept_as_failed_with_the_reason()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("the reason"), Durable("failing", maxAttempts: 3)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(3);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Attempts.ShouldBe(3);
        failed.Error.ShouldNotBeNull().ShouldContain("the reason");
        application.Log.Entries.ShouldContain(entry => entry.Id == 101 && entry.Level == LogLevel.Error && entry.Message.Contains("failing"));
    }

    [Fact] // B9
    public async Task A_failed_delivery_can_be_retried_and_then_has_all_its_attempts_again()
    {
        var working = false;
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => working.ShouldBeTrue(), Durable("failing", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        var failed = (await deliveries.ListAsync(new DeliveryQuery { State = DeliveryState.Failed }, Cancellation)).ShouldHaveSingleItem();

        working = true;
        (await deliveries.RetryAsync(failed.Id, Cancellation)).ShouldBeTrue();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_delivery_can_be_discarded()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => throw new InvalidOperationException(), Durable("failing", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();

        (await deliveries.DiscardAsync((await ListAsync())[0].Id, Cancellation)).ShouldBeTrue();

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Discarded);
    }

    [Fact] // C4, bad input: an unknown event name in the store
    public async Task An_unknown_event_is_parked_and_comes_back_when_an_application_knows_it()
    {
        var seen = new List<object>();
        await using (var newer = await StartAsync(carillon => carillon.Listen<NumberCounted>(seen.Add, Durable("count"))))
        {
            await newer.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        }

        await using (var older = await StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => { })))
        {
            await older.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            var parked = (await ListAsync()).ShouldHaveSingleItem();
            parked.State.ShouldBe(DeliveryState.Parked);
            parked.Attempts.ShouldBe(0);
            parked.Error.ShouldNotBeNull().ShouldContain("'number.counted'");
        }

        // With its worker, which sweeps at start.
        var ran = new TaskCompletionSource();
        await using var again = await Application.StartAsync(carillon => carillon
            .UseStore(_ => _store)
            .Listen<NumberCounted>(_ => ran.SetResult(), Durable("count")));
        await ran.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_delivery_of_an_unknown_listener_is_parked_with_the_mend()
    {
        await using (var newer = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("renamed"))))
        {
            await newer.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        }

        await using var older = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("new name")));
        await older.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("'renamed'");
    }

    [Fact] // Conformance 141, bad input: a corrupt payload
    public async Task A_corrupt_payload_is_retried_and_then_kept_as_failed_and_its_neighbours_run()
    {
        var seen = new List<int>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<NumberCounted>(e => seen.Add(e.Number), Durable("count", maxAttempts: 2)));
        await _store.AddAsync([Stored("""{"number":"not a num"""), Stored("null"), Stored("""{"number":1}""")], Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([1]);
        var failed = await ListAsync();
        failed.Count.ShouldBe(2);
        failed.ShouldAllBe(delivery => delivery.State == DeliveryState.Failed && delivery.Attempts == 2 && delivery.Error!.Contains("number.counted"));
    }

    [Fact] // Conformance 261, bad input: over the size limit
    public async Task An_event_over_the_size_limit_is_refused_at_dispatch_and_nothing_is_recorded()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureEnvelopes(envelopes => envelopes.MaxPayloadBytes = 100)
            .Listen<Mutable>(_ => { }, Durable("any")));

        var error = await Should.ThrowAsync<EventTooLargeException>(
            async () => await application.Events.DispatchAsync(new Mutable { Text = new string('x', 100) }, Cancellation));

        error.Message.ShouldContain("'mutable'");
        error.Message.ShouldContain("100");
        error.Message.ShouldContain("MaxPayloadBytes");
        (await CountAsync()).ShouldBeEmpty();
        await application.Events.DispatchAsync(new Mutable { Text = "small" }, Cancellation);
        (await CountAsync())[DeliveryState.Ready].ShouldBe(1);
    }

    [Fact] // Envelope: correlation and causation
    public async Task What_a_durable_listener_dispatches_carries_its_cause_and_correlation()
    {
        var contexts = new List<Envelope>();
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                async (e, context, token) =>
                {
                    contexts.Add(context.Envelope!);
                    await context.Dispatcher.DispatchAsync(new Mutable { Text = "chained" }, token);
                },
                Durable("first"))
            .Listen<Mutable>(
                (_, context, _) =>
                {
                    contexts.Add(context.Envelope!);
                    return ValueTask.CompletedTask;
                },
                Durable("second")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        contexts.Count.ShouldBe(2);
        contexts[0].Id.Version.ShouldBe(7);
        contexts[0].CausationId.ShouldBeNull();
        contexts[0].CorrelationId.ShouldBe(contexts[0].Id.ToString());
        contexts[0].Time.ShouldBe(_time.GetUtcNow());
        contexts[1].CausationId.ShouldBe(contexts[0].Id);
        contexts[1].CorrelationId.ShouldBe(contexts[0].CorrelationId);
    }

    [Fact]
    public async Task The_context_tells_the_attempt_and_the_id_that_inline_listeners_saw()
    {
        var ids = new List<Guid>();
        var attempts = new List<int>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<NumberCounted>((_, context, _) =>
            {
                ids.Add(context.EventId);
                context.Attempt.ShouldBe(1);
                return ValueTask.CompletedTask;
            })
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    ids.Add(context.EventId);
                    attempts.Add(context.Attempt);
                    return context.Attempt < 3 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
                },
                Durable("third time")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        attempts.ShouldBe([1, 2, 3]);
        ids.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_durable_listener_that_stops_propagation_is_told_that_there_is_nothing_to_stop()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    context.StopPropagation();
                    return ValueTask.CompletedTask;
                },
                Durable("stopper", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync())[0].Error.ShouldNotBeNull().ShouldContain("nothing to stop");
    }

    [Fact] // Conformance 233: a worker that died has used its attempt
    public async Task A_delivery_whose_worker_died_each_time_is_given_up_after_the_last_attempt()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("count", maxAttempts: 2)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        for (var death = 0; death < 2; death++)
        {
            var lease = new DeliveryLease("dead", _time.GetUtcNow().AddSeconds(1));
            (await _store.LeaseAsync(new LeaseRequest(lease, _time.GetUtcNow(), 10), Cancellation)).Count.ShouldBe(1);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Error.ShouldNotBeNull().ShouldContain("ended with its process");
    }

    [Fact]
    public async Task A_drain_that_never_ends_is_stopped_by_its_limit()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                async (e, context, token) => await context.Dispatcher.DispatchAsync(e with { Number = e.Number + 1 }, token),
                Durable("loop")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => application.Services.DrainDeliveriesAsync(limit: 5, Cancellation));

        error.Message.ShouldContain("After 5 attempts");
    }

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseStore(_ => _store).UseSimulatedTime(_time).RunDeliveriesByHand()));

    private static Action<Carillon.Listeners.ListenOptions> Durable(string id, int priority = 0, int maxAttempts = 0) => options =>
    {
        options.Delivery = Delivery.Durable;
        options.Id = id;
        options.Priority = priority;
        options.MaxAttempts = maxAttempts;
    };

    private NewDelivery Stored(string payload) => new()
    {
        Envelope = new Envelope
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            EventName = "number.counted",
            Time = _time.GetUtcNow(),
            CorrelationId = "test",
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        },
        ListenerId = "count",
        DueAt = _time.GetUtcNow(),
    };

    private ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync() => _store.CountAsync(_time.GetUtcNow(), Cancellation);

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync() => _store.ListAsync(new DeliveryQuery(), _time.GetUtcNow(), Cancellation);

    [Event("mutable")]
    private sealed class Mutable
    {
        public string Text { get; set; } = "";
    }
}
