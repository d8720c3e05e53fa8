using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

public sealed class DurableListenerTests : DeliveriesByHand
{
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

    [Fact] // Conformance 261, bad input: over the size limit
    public async Task An_event_over_the_size_limit_is_refused_at_dispatch_and_nothing_is_recorded()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureEnvelopes(envelopes => envelopes.MaxPayloadBytes = 100)
            .Listen<Mutable>(_ => { }, Durable("any")));

        var error = await Should.ThrowAsync<EventTooLargeException>(
            async () => await application.Events.DispatchAsync(new Mutable { Text = new string('x', 100) }, Cancellation));

        error.Message.ShouldContain("'text.written'");
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
        contexts[0].Time.ShouldBe(Time.GetUtcNow());
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

    [Fact]
    public async Task A_drain_that_never_ends_is_stopped_by_its_limit()
    {
#pragma warning disable CARILLON016 // The circle is what this test is about.
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                async (e, context, token) => await context.Dispatcher.DispatchAsync(e with { Number = e.Number + 1 }, token),
                Durable("loop")));
#pragma warning restore CARILLON016
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => application.Services.DrainDeliveriesAsync(limit: 5, Cancellation));

        error.Message.ShouldContain("After 5 attempts deliveries are still due, such as the one of 'number.counted' to 'loop'.");
    }

    [Event("text.written")]
    private sealed class Mutable
    {
        public string Text { get; set; } = "";
    }
}
