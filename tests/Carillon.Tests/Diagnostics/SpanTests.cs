using System.Diagnostics;
using Carillon.Jobs;
using Carillon.Listeners;
using Carillon.Tests.Attack;
using Carillon.Tests.Deliveries;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Diagnostics;

/// <summary>Spans from the dispatch to the attempt, hours later and in another process too.</summary>
[Collection(AloneCollection.Name)]
public sealed class SpanTests : DeliveriesByHand
{
    [Fact]
    public async Task An_attempt_belongs_to_what_has_stored_its_event_and_that_to_the_dispatch()
    {
        using var spans = new RecordedSpans();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Nothing, InQueue("count", "mail")));
        using var request = new Activity("request").Start();

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        request.Stop();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var (dispatch, send, process) = (spans["dispatch number.counted"], spans["send mail"], spans["process mail"]);
        dispatch.ParentSpanId.ShouldBe(request.SpanId);
        send.ParentSpanId.ShouldBe(dispatch.SpanId);
        process.ParentSpanId.ShouldBe(send.SpanId);
        process.TraceId.ShouldBe(request.TraceId);
        (dispatch.Kind, send.Kind, process.Kind).ShouldBe((ActivityKind.Internal, ActivityKind.Producer, ActivityKind.Consumer));
        process.HasRemoteParent.ShouldBeTrue();
    }

    [Fact]
    public async Task They_are_tagged_as_those_of_a_messaging_system()
    {
        using var spans = new RecordedSpans();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Nothing, InQueue("count", "mail")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        var stored = (await Store.FindAsync(1, Time.GetUtcNow(), Cancellation))!.Envelope;
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        Dictionary<string, object?> both = new()
        {
            ["messaging.system"] = "carillon",
            ["messaging.destination.name"] = "mail",
            ["messaging.message.id"] = stored.Id.ToString(),
            ["messaging.message.conversation_id"] = stored.CorrelationId,
            ["messaging.message.body.size"] = stored.Payload.Length,
            ["carillon.event.name"] = "number.counted",
        };
        spans["send mail"].TagObjects.ShouldBe(
            new Dictionary<string, object?>(both) { ["messaging.operation.name"] = "send", ["messaging.operation.type"] = "send", ["carillon.delivery.count"] = 1 }, ignoreOrder: true);
        spans["process mail"].TagObjects.ShouldBe(
            new Dictionary<string, object?>(both)
            {
                ["messaging.operation.name"] = "process",
                ["messaging.operation.type"] = "process",
                ["carillon.listener.id"] = "count",
                ["carillon.delivery.id"] = 1L,
                ["carillon.delivery.attempt"] = 1,
                ["carillon.delivery.outcome"] = "completed",
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_retry_stands_beside_the_attempt_that_failed_and_both_say_how_they_ended()
    {
        using var spans = new RecordedSpans();
        var calls = 0;
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            _ => { if (++calls == 1) { throw new InvalidOperationException("not yet"); } }, Durable("count", maxAttempts: 2)));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddDays(1), cancellationToken: Cancellation);

        var attempts = spans.All.Where(span => span.DisplayName == "process default").ToList();
        attempts.Select(span => span.ParentSpanId).ShouldAllBe(parent => parent == spans["send default"].SpanId);
        attempts.Select(span => span.GetTagItem("carillon.delivery.outcome")).ShouldBe(["retried", "completed"]);
        attempts.Select(span => span.GetTagItem("carillon.delivery.attempt")).ShouldBe([1, 2]);
        var failed = attempts[0];
        (failed.Status, failed.StatusDescription).ShouldBe((ActivityStatusCode.Error, "not yet"));
        failed.GetTagItem("error.type").ShouldBe("System.InvalidOperationException");
        failed.Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
        attempts[1].Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task A_rejected_event_is_an_error_without_an_exception()
    {
        using var spans = new RecordedSpans();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) => { context.Reject("too high"); return ValueTask.CompletedTask; }, Durable("count", maxAttempts: 1)));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var process = spans["process default"];
        (process.Status, process.StatusDescription).ShouldBe((ActivityStatusCode.Error, "too high"));
        process.GetTagItem("error.type").ShouldBe("rejected");
        process.GetTagItem("carillon.delivery.outcome").ShouldBe("failed");
    }

    [Fact]
    public async Task A_dispatch_that_fails_is_an_error()
    {
        using var spans = new RecordedSpans();
        await using var application = await Application.StartAsync(carillon => carillon.UseTelemetry()
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("no")));

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new NumberCounted(7), Cancellation));

        var dispatch = spans["dispatch number.counted"];
        (dispatch.Status, dispatch.GetTagItem("error.type")).ShouldBe((ActivityStatusCode.Error, "System.InvalidOperationException"));
    }

    [Fact]
    public async Task What_a_listener_dispatches_is_in_the_trace_of_its_event()
    {
        using var spans = new RecordedSpans();
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(async (_, context, token) => await context.Dispatcher.DispatchAsync(new SquareDrawn(), token), Durable("count"))
            .Listen<SquareDrawn>(Nothing));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var inner = spans.All.Where(span => span.DisplayName.StartsWith("dispatch ", StringComparison.Ordinal) && span.DisplayName != "dispatch number.counted").ShouldHaveSingleItem();
        inner.ParentSpanId.ShouldBe(spans["process default"].SpanId);
    }

    [Fact]
    public async Task What_was_stored_while_nobody_listened_begins_a_trace_of_its_own()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Nothing, Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        using var spans = new RecordedSpans();
        using var request = new Activity("another request").Start();

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        spans["process default"].Parent.ShouldBeNull();
        spans["process default"].TraceId.ShouldNotBe(request.TraceId);
        Activity.Current.ShouldBe(request);
    }

    [Fact]
    public async Task The_trace_of_the_caller_goes_on_when_nobody_listens_to_Carillon()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Nothing, Durable("count")));
        using var request = new Activity("request").Start();

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await Store.FindAsync(1, Time.GetUtcNow(), Cancellation))!.Envelope.TraceParent.ShouldBe(request.Id);
    }

    [Fact]
    public async Task Baggage_is_not_stored()
    {
        using var spans = new RecordedSpans();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(Nothing, Durable("count")));
        using (var request = new Activity("request").Start())
        {
            request.SetBaggage("secret", "value");
            await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        spans["process default"].Baggage.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_has_the_same_spans()
    {
        using var spans = new RecordedSpans();
        await using var application = await StartAsync(carillon => carillon.HandleJob<Chore>((_, _) => Task.CompletedTask));

        await application.Scope.GetRequiredService<IJobs>().PushAsync(new Chore(), cancellationToken: Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        spans["process default"].ParentSpanId.ShouldBe(spans["send default"].SpanId);
    }

    [Fact] // Conformance 137
    public async Task A_listener_of_spans_that_throws_disturbs_nobody()
    {
        using var throwing = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Carillon",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => throw new InvalidOperationException("the tracer is broken"),
            ActivityStopped = _ => throw new InvalidOperationException("the tracer is broken"),
        };
        ActivitySource.AddActivityListener(throwing);
        var calls = 0;
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => calls++, Durable("count")).Listen<NumberCounted>(_ => calls++));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        calls.ShouldBe(2);
        Activity.Current.ShouldBeNull();
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_does_not_go_on_in_the_trace_in_which_its_host_was_started()
    {
        Activity? seen = null;
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var start = new Activity("start").Start();
        await using var application = await Application.StartAsync(carillon => carillon.UseStore(_ => Store).Listen<NumberCounted>(
            _ => { seen = Activity.Current; ran.SetResult(); }, Durable("count")));
        start.Stop();

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);

        seen.ShouldBeNull();
    }

    private static void Nothing(object _)
    {
    }

    private static Action<ListenOptions> InQueue(string id, string queue) => options =>
    {
        Durable(id)(options);
        options.Queue = queue;
    };

    [Event("chore.wanted")]
    private sealed record Chore : IJob;
}
