using Carillon.Middleware;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Middleware;

/// <summary>A13: logging, timing and validation as they come.</summary>
public sealed class ReadyMiddlewareTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 127
    public async Task A_failure_is_logged_with_event_and_listener_before_the_emitter_gets_it_unchanged()
    {
        var thrown = new InvalidOperationException("no");
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => throw thrown, options => options.Id = "failing")
            .UseLogging());

        (await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)))
            .ShouldBeSameAs(thrown);

        var entry = application.Log.Entries.Single(entry => entry.Id == 14);
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Message.ShouldStartWith("failing failed on square.drawn");
        entry.Exception.ShouldBeSameAs(thrown);
        application.Log.Entries.Single(each => each.Id == 12).Message.ShouldContain("System.InvalidOperationException");
    }

    [Fact]
    public async Task Dispatches_and_listeners_are_logged_with_their_duration()
    {
        var time = new SimulatedTime();
        await using var application = await Application.StartAsync(
            carillon => carillon
                .Listen<SquareDrawn>(_ => time.Advance(TimeSpan.FromSeconds(2)), options => options.Id = "slow")
                .UseLogging(),
            services => services.AddSingleton<TimeProvider>(time));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        application.Log.Entries.Where(entry => entry.Id is >= 10 and <= 19).Select(entry => entry.Message).ShouldBe(
            ["Dispatching square.drawn.", "slow took square.drawn in 00:00:02.", "Dispatched square.drawn in 00:00:02."]);
    }

    [Theory] // Conformance 137
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_logger_that_throws_disturbs_no_listener(bool whenAsked)
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("a")).Listen<SquareDrawn>(e => e.Seen.Add("b")).UseLogging(),
            services => services.AddLogging(logging => logging.AddProvider(new ThrowingLoggers(whenAsked))));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task An_observer_hears_how_long_dispatches_and_listeners_took()
    {
        var time = new SimulatedTime();
        var timings = new List<EventTiming>();
        var thrown = new InvalidOperationException();
        await using var application = await Application.StartAsync(
            carillon => carillon
                .Listen<SquareDrawn>(_ => time.Advance(TimeSpan.FromSeconds(2)), options => options.Id = "slow")
                .Listen<SquareDrawn>(_ => throw thrown, options => options.Id = "failing")
                .UseTiming(timings.Add),
            services => services.AddSingleton<TimeProvider>(time));

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation));

        timings.ShouldBe(
        [
            new EventTiming("square.drawn", "slow", TimeSpan.FromSeconds(2), null),
            new EventTiming("square.drawn", "failing", TimeSpan.Zero, thrown),
            new EventTiming("square.drawn", null, TimeSpan.FromSeconds(2), thrown),
        ]);
    }

    [Fact] // Conformance 137
    public async Task An_observer_that_throws_is_logged_and_disturbs_no_listener()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("a"))
            .Listen<SquareDrawn>(e => e.Seen.Add("b"))
            .UseTiming(_ => throw new InvalidOperationException("observer")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["a", "b"]);

        application.Log.Entries.Count(entry => entry.Id == 15).ShouldBe(3);
    }

    [Fact]
    public async Task An_invalid_event_is_refused_with_every_reason_before_any_listener()
    {
        var called = 0;
        await using var application = await Application.StartAsync(
            carillon => carillon
                .Listen<SquareDrawn>(_ => called++)
                .UseValidation(validation => validation
                    .Add<NoArea, IHasArea>()
                    .Add<SquareDrawn>(e => e.Seen.Count == 0 ? ["it was never seen"] : [])
                    .AddRegistered<ShapeDrawn>()),
            services => services.AddScoped<IEventValidator<ShapeDrawn>, NoShape>().AddSingleton<IEventValidator<ShapeDrawn>, NoShape>());

        var refused = await Should.ThrowAsync<EventInvalidException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation));

        refused.EventName.ShouldBe("square.drawn");
        refused.Reasons.ShouldBe(["its area is 4", "areas are not allowed", "it was never seen", "no shapes", "no shapes"]);
        refused.Message.ShouldContain("its area is 4; areas are not allowed; it was never seen");
        called.ShouldBe(0);
    }

    [Fact]
    public async Task A_valid_event_reaches_its_listeners()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("a"))
            .UseValidation(validation => validation.Add<SquareDrawn>(_ => [])));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Validation_without_a_validator_stops_the_start()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .UseValidation(validation => validation.AddRegistered<ShapeDrawn>())
            .UseValidation(_ => { })));

        refused.Problems.ShouldBe(
        [
            "UseValidation names no event. Say which events are validated, and by whom, with Add or AddRegistered, or take the call away.",
            $"Events of '{typeof(ShapeDrawn)}' are to be validated by '{typeof(IEventValidator<ShapeDrawn>)}', which is not registered. Add it to the services.",
        ]);
    }

    private sealed class NoArea : IEventValidator<IHasArea>
    {
        public IEnumerable<string> Validate(IHasArea @event) => [$"its area is {@event.Area}", "areas are not allowed"];
    }

    private sealed class NoShape : IEventValidator<ShapeDrawn>
    {
        public IEnumerable<string> Validate(ShapeDrawn @event) => ["no shapes"];
    }

    private sealed class ThrowingLoggers(bool whenAsked) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName == "Carillon.Dispatch" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => whenAsked ? throw new InvalidOperationException("logger") : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("logger");

        public void Dispose()
        {
        }
    }
}
