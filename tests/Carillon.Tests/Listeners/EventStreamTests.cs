using Carillon.Listeners;
using Carillon.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class EventStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 170
    public async Task A_stream_collects_from_the_call_on_and_loses_nothing_up_to_its_capacity()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var stream = Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 3 }, Cancellation);
        await CountAsync(application, 1, 2, 3);

        stream.Dispose();

        (await ReadAllAsync(stream)).ShouldBe([1, 2, 3]);
        HasListeners(application).ShouldBeFalse();
    }

    [Fact] // Conformance 170: back-pressure
    public async Task An_emitter_waits_for_the_reader_of_a_full_stream()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var stream = Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 1 }, Cancellation);
        await CountAsync(application, 1);

        var dispatch = application.Events.DispatchAsync(new NumberCounted(2), Cancellation).AsTask();
        dispatch.IsCompleted.ShouldBeFalse();
        await using var reader = stream.GetAsyncEnumerator(Cancellation);
        (await reader.MoveNextAsync()).ShouldBeTrue();
        await dispatch;

        (await reader.MoveNextAsync()).ShouldBeTrue();
        reader.Current.Number.ShouldBe(2);
    }

    [Fact]
    public async Task An_emitter_that_waits_goes_on_when_the_stream_ends_and_gives_up_with_its_token()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var stream = Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 1 }, Cancellation);
        await CountAsync(application, 1);
        using var source = new CancellationTokenSource();
        var impatient = application.Events.DispatchAsync(new NumberCounted(2), source.Token).AsTask();
        var patient = application.Events.DispatchAsync(new NumberCounted(3), Cancellation).AsTask();

        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        patient.IsCompleted.ShouldBeFalse();
        stream.Dispose();

        await patient;
    }

    [Theory]
    [InlineData(WhenFull.DropOldest, 2, 3)]
    [InlineData(WhenFull.DropNewest, 1, 2)]
    public async Task A_full_stream_may_drop_events_and_counts_them(WhenFull whenFull, int one, int other)
    {
        await using var application = await Application.StartAsync(_ => { });
        using var stream = Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 2, WhenFull = whenFull }, Cancellation);

        await CountAsync(application, 1, 2, 3);
        stream.Dispose();

        stream.Dropped.ShouldBe(1);
        (await ReadAllAsync(stream)).ShouldBe([one, other]);
    }

    [Fact]
    public async Task A_full_stream_may_fail_its_reader_once_he_has_read_what_was_collected()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var stream = Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 1, WhenFull = WhenFull.Fail }, Cancellation);
        await CountAsync(application, 1, 2, 3);
        HasListeners(application).ShouldBeFalse();
        await using var reader = stream.GetAsyncEnumerator(Cancellation);

        (await reader.MoveNextAsync()).ShouldBeTrue();
        reader.Current.Number.ShouldBe(1);
        var error = await Should.ThrowAsync<CarillonException>(async () => await reader.MoveNextAsync());

        error.Message.ShouldContain(nameof(NumberCounted));
        error.Message.ShouldContain("1 events");
    }

    [Fact] // Conformance 169
    public async Task A_reader_who_waits_is_told_of_the_end_when_the_stream_is_disposed()
    {
        await using var application = await Application.StartAsync(_ => { });
        var stream = Waiter(application).ReadEventsAsync<NumberCounted>(cancellationToken: Cancellation);
        await using var reader = stream.GetAsyncEnumerator(Cancellation);
        var next = reader.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();

        stream.Dispose();
        stream.Dispose();

        (await next).ShouldBeFalse();
        HasListeners(application).ShouldBeFalse();
    }

    [Fact] // Conformance 169
    public async Task Leaving_the_loop_ends_the_stream()
    {
        await using var application = await Application.StartAsync(_ => { });
        var stream = Waiter(application).ReadEventsAsync<NumberCounted>(cancellationToken: Cancellation);
        await CountAsync(application, 1, 2);

        await foreach (var counted in stream.WithCancellation(Cancellation))
        {
            counted.Number.ShouldBe(1);
            break;
        }

        HasListeners(application).ShouldBeFalse();
    }

    [Fact] // Conformance 169
    public async Task A_reader_that_is_never_moved_ends_the_stream_too()
    {
        await using var application = await Application.StartAsync(_ => { });
        await using (Waiter(application).ReadEventsAsync<NumberCounted>(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation))
        {
            HasListeners(application).ShouldBeTrue();
        }

        HasListeners(application).ShouldBeFalse();
    }

    [Theory] // Conformance 168, 169
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_ends_the_stream(bool beforeTheCall)
    {
        await using var application = await Application.StartAsync(_ => { });
        using var source = new CancellationTokenSource();
        if (beforeTheCall)
        {
            await source.CancelAsync();
        }

        var stream = Waiter(application).ReadEventsAsync<NumberCounted>(cancellationToken: source.Token);
        await using var reader = stream.GetAsyncEnumerator(Cancellation);
        var next = reader.MoveNextAsync();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
        HasListeners(application).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_is_read_once()
    {
        await using var application = await Application.StartAsync(_ => { });
        using var stream = Waiter(application).ReadEventsAsync<NumberCounted>(cancellationToken: Cancellation);
        await using var reader = stream.GetAsyncEnumerator(Cancellation);

        Should.Throw<InvalidOperationException>(() => stream.GetAsyncEnumerator(Cancellation)).Message.ShouldContain("for each reader");
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_and_leave_no_listener()
    {
        await using var application = await Application.StartAsync(_ => { });

        Should.Throw<ArgumentOutOfRangeException>(() => Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { Capacity = 0 }, Cancellation));
        Should.Throw<ArgumentOutOfRangeException>(() => Waiter(application).ReadEventsAsync<NumberCounted>(new EventStreamOptions { WhenFull = (WhenFull)9 }, Cancellation));

        HasListeners(application).ShouldBeFalse();
    }

    private static async Task CountAsync(Application application, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }
    }

    private static async Task<List<int>> ReadAllAsync(EventStream<NumberCounted> stream)
    {
        var numbers = new List<int>();
        await foreach (var counted in stream.WithCancellation(Cancellation))
        {
            numbers.Add(counted.Number);
        }

        return numbers;
    }

    private static bool HasListeners(Application application) => application.Services.GetRequiredService<IListenerDirectory>().HasListeners<NumberCounted>();

    private static IEventWaiter Waiter(Application application) => application.Services.GetRequiredService<IEventWaiter>();
}
