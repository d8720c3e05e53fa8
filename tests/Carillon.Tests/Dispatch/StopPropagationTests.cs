using Carillon.Testing;

namespace Carillon.Tests.Dispatch;

public sealed class StopPropagationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Conformance 52
    [InlineData(ListenerErrors.Throw)]
    [InlineData(ListenerErrors.Log)]
    public async Task Nothing_takes_part_behind_a_listener_that_stops_the_rest(ListenerErrors errors)
    {
        var seen = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemory().RunDeliveriesByHand()
            .Listen<NumberCounted>(_ => seen.Add("durable before"), options => (options.Id, options.Delivery) = ("before", Delivery.Durable))
            .Listen<NumberCounted>(_ => seen.Add("stops"), options => (options.StopPropagation, options.Errors) = (true, errors))
            .Listen<NumberCounted>(_ => seen.Add("behind"))
            .Listen<NumberCounted>(_ => seen.Add("durable behind"), options => (options.Id, options.Delivery) = ("behind", Delivery.Durable)));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["stops", "durable before"]);
    }

    [Fact] // Conformance 52
    public async Task The_exception_of_a_listener_that_would_stop_the_rest_wins()
    {
        var thrown = new TimeoutException();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>((Action<SquareDrawn>)(_ => throw thrown), options => options.StopPropagation = true)
            .Listen<SquareDrawn>(e => e.Seen.Add("behind")));
        var drawn = new SquareDrawn();

        (await Should.ThrowAsync<TimeoutException>(async () => await application.Events.DispatchAsync(drawn, Cancellation))).ShouldBeSameAs(thrown);

        drawn.Seen.ShouldBeEmpty();
    }

    [Theory] // Conformance 52: a listener that failed stops nothing
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_failure_that_does_not_end_the_dispatch_does_not_stop_the_rest(bool isolate, bool asynchronously)
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .AddEvent<SquareDrawn>(options => options.Errors = isolate ? EventErrors.Isolate : EventErrors.StopAtFirst)
            .Listen<SquareDrawn>(
                async (_, _) =>
                {
                    if (asynchronously)
                    {
                        await Task.Yield();
                    }

                    throw new TimeoutException();
                },
                options => (options.StopPropagation, options.Errors) = (true, isolate ? ListenerErrors.Throw : ListenerErrors.Log))
            .Listen<SquareDrawn>(
                async (e, _) =>
                {
                    if (asynchronously)
                    {
                        await Task.Yield();
                    }

                    e.Seen.Add("stops");
                },
                options => (options.StopPropagation, options.Errors) = (true, isolate ? ListenerErrors.Throw : ListenerErrors.Log))
            .Listen<SquareDrawn>(e => e.Seen.Add("behind")));
        var drawn = new SquareDrawn();

        if (isolate)
        {
            await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(drawn, Cancellation));
        }
        else
        {
            await application.Events.DispatchAsync(drawn, Cancellation);
        }

        drawn.Seen.ShouldBe(["stops"]);
    }

    [Theory]
    [InlineData(true, ListenerErrors.Throw, "stops propagation, but it is durable")]
    [InlineData(false, ListenerErrors.Log, "says Errors = Log, but it is durable")]
    public async Task What_only_an_inline_listener_can_do_is_refused_at_start_for_a_durable_one(bool stop, ListenerErrors errors, string said)
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon.UseInMemory()
            .Listen<NumberCounted>(
                _ => { }, options => (options.Id, options.Delivery, options.StopPropagation, options.Errors) = ("one", Delivery.Durable, stop, errors))));

        error.Problems.ShouldHaveSingleItem().ShouldStartWith($"The listener 'one' of 'Carillon.Tests.NumberCounted' {said}");
    }
}
