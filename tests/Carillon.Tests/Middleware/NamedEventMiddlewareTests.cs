using Carillon.Dispatch;
using Carillon.Tracing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Middleware;

/// <summary>What is emitted by name meets middleware, the trace and the limit of chains like any other event.</summary>
public sealed class NamedEventMiddlewareTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Middleware_and_the_trace_see_the_event_under_its_name()
    {
        var trail = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .Listen<string>("box.*", payload => trail.Add(payload), options => options.Id = "box")
            .UseMiddleware<NamedEvent>((named, next, ct) =>
            {
                trail.Add($"{next.EventName} {named.Payload}");
                return next.InvokeAsync(ct);
            })
            .UseListenerMiddleware((e, next, ct) =>
            {
                trail.Add($"{next.Listener.Id} {e.GetType().Name}");
                return next.InvokeAsync(ct);
            }));

        (await application.Events.EmitAsync("box.opened", "payload", Cancellation)).ShouldBeTrue();
        (await application.Events.EmitAsync("lid.opened", "payload", Cancellation)).ShouldBeFalse();

        trail.ShouldBe(["box.opened payload", "box NamedEvent", "payload", "lid.opened payload"]);
        var trace = application.Services.GetRequiredService<IDispatchTrace>();
        trace.Dispatches[0].Called.ShouldHaveSingleItem().Id.ShouldBe("box");
        trace.Orphans.ShouldBe(["lid.opened"]);
    }

    [Fact]
    public async Task Nobody_listens_to_a_typed_event_whatever_surrounds_it()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .AddEvent<NumberCounted>()
            .UseMiddleware((_, next, ct) => next.InvokeAsync(ct)));

        (await application.Events.EmitAsync("number.counted", new NumberCounted(1), Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_chain_of_names_is_refused_with_its_names()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .ConfigureDispatch(options => options.MaxChainDepth = 2)
            .Listen<NamedEvent>(
                "wheel.turned",
                async (_, context, ct) => await context.Dispatcher.EmitAsync("wheel.turned", cancellationToken: ct),
                options => options.Id = "wheel"));

        var refused = await Should.ThrowAsync<EventChainTooDeepException>(async () => await application.Events.EmitAsync("wheel.turned", cancellationToken: Cancellation));

        refused.Chain.ShouldBe(["wheel.turned (wheel)", "wheel.turned (wheel)", "wheel.turned (wheel)"]);
    }
}
