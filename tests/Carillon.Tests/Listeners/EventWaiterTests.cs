using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class EventWaiterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 166
    public async Task A_wait_ends_with_the_first_event_that_passes_the_filter()
    {
        await using var application = await Application.StartAsync(_ => { });
        var wait = Waiter(application).WaitForAsync<NumberCounted>(e => e.Number > 1, cancellationToken: Cancellation);

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        wait.IsCompleted.ShouldBeFalse();
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(3), Cancellation);

        (await wait).Number.ShouldBe(2);
        HasListeners<NumberCounted>(application).ShouldBeFalse();
    }

    [Fact] // Conformance 166
    public async Task A_wait_for_a_base_class_ends_with_the_instance_that_was_dispatched_after_the_other_listeners()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("seen"), options => options.Priority = int.MinValue));
        var seen = 0;
        var wait = Waiter(application).WaitForAsync<ShapeDrawn>(
            e =>
            {
                seen = e.Seen.Count;
                return true;
            },
            cancellationToken: Cancellation);
        var drawn = new SquareDrawn();

        await application.Events.DispatchAsync(drawn, Cancellation);

        (await wait).ShouldBeSameAs(drawn);
        seen.ShouldBe(1);
    }

    [Fact] // Conformance 167
    public async Task A_wait_that_takes_too_long_names_the_event_and_the_time_and_leaves_no_listener()
    {
        var time = new SimulatedTime();
        await using var application = await Application.StartAsync(carillon => carillon.UseSimulatedTime(time));
        var wait = Waiter(application).WaitForAsync<NumberCounted>(timeout: TimeSpan.FromSeconds(5), cancellationToken: Cancellation);

        time.Advance(TimeSpan.FromSeconds(4));
        wait.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        var error = await Should.ThrowAsync<TimeoutException>(() => wait);
        error.Message.ShouldContain(nameof(NumberCounted));
        error.Message.ShouldContain("00:00:05");
        HasListeners<NumberCounted>(application).ShouldBeFalse();
    }

    [Fact] // Conformance 168
    public async Task A_wait_that_is_cancelled_ends_so_and_leaves_no_listener()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var source = new CancellationTokenSource();
        var wait = Waiter(application).WaitForAsync<NumberCounted>(cancellationToken: source.Token);

        await source.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => wait)).CancellationToken.ShouldBe(source.Token);
        HasListeners<NumberCounted>(application).ShouldBeFalse();
    }

    [Fact] // Conformance 165, 168
    public async Task A_wait_with_a_cancelled_token_does_not_begin()
    {
        await using var application = await Application.StartAsync(_ => { });

        await Should.ThrowAsync<OperationCanceledException>(
            () => Waiter(application).WaitForAsync<NumberCounted>(cancellationToken: new CancellationToken(canceled: true)));

        HasListeners<NumberCounted>(application).ShouldBeFalse();
    }

    [Fact]
    public async Task A_filter_that_throws_ends_the_wait_and_not_the_dispatch()
    {
        await using var application = await Application.StartAsync(_ => { });
        var wait = Waiter(application).WaitForAsync<NumberCounted>(_ => throw new TimeoutException("the filter's own"), cancellationToken: Cancellation);

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        (await Should.ThrowAsync<TimeoutException>(() => wait)).Message.ShouldBe("the filter's own");
        HasListeners<NumberCounted>(application).ShouldBeFalse();
    }

    [Fact]
    public async Task An_event_whose_listener_threw_does_not_count()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<NumberCounted>(e => ArgumentOutOfRangeException.ThrowIfEqual(e.Number, 1)));
        var wait = Waiter(application).WaitForAsync<NumberCounted>(cancellationToken: Cancellation);

        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await application.Events.DispatchAsync(new NumberCounted(1), Cancellation));
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        (await wait).Number.ShouldBe(2);
    }

    private static bool HasListeners<TEvent>(Application application)
        where TEvent : notnull => application.Services.GetRequiredService<IListenerDirectory>().HasListeners<TEvent>();

    private static IEventWaiter Waiter(Application application) => application.Services.GetRequiredService<IEventWaiter>();
}
