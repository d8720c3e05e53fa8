using System.Diagnostics;
using Carillon.Tests.Attack;
using Carillon.Tests.Deliveries;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Diagnostics;

/// <summary>What nobody listens to costs nothing.</summary>
[Collection(AloneCollection.Name)]
public sealed class SilentTelemetryTests : DeliveriesByHand
{
    [Fact]
    public async Task A_dispatch_allocates_nothing_and_makes_no_span_while_nobody_listens()
    {
        Activity? seen = null;
        await using var application = await Application.StartAsync(carillon => carillon.UseStore(_ => Store).Listen<SquareDrawn>(_ => seen = Activity.Current));
        var (events, drawn) = (application.Events, new SquareDrawn());
        await events.DispatchAsync(drawn, Cancellation);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 100; index++)
        {
            await events.DispatchAsync(drawn, CancellationToken.None);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        seen.ShouldBeNull();
    }

    [Fact]
    public async Task Scopes_that_begin_after_somebody_has_come_have_spans_and_those_after_he_has_gone_have_none()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => { }));
        await DispatchAsync(application);
        IReadOnlyList<Activity> seen;
        using (var spans = new RecordedSpans())
        {
            await DispatchAsync(application);
            await DispatchAsync(application);
            seen = spans.All;
        }

        var before = Count(seen);
        await DispatchAsync(application);

        (before, Count(seen)).ShouldBe((2, 2));
    }

    [Fact]
    public async Task An_attempt_makes_no_span_while_nobody_listens()
    {
        Activity? seen = null;
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => seen = Activity.Current, Durable("count")));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBeNull();
    }

    private static int Count(IReadOnlyList<Activity> spans) => spans.Count(span => span.DisplayName.StartsWith("dispatch ", StringComparison.Ordinal));

    private static async Task DispatchAsync(Application application)
    {
        await using var scope = application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new SquareDrawn(), Cancellation);
    }
}
