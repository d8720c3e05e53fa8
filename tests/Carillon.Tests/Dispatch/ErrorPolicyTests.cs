using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Dispatch;

public sealed class ErrorPolicyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // A5, conformance 130
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_an_event_that_isolates_every_listener_runs_and_all_failures_are_reported_together(bool asynchronously)
    {
        var first = new TimeoutException("first");
        var second = new InvalidOperationException("second");
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemory().RunDeliveriesByHand()
            .Listen<ReportMade>((_, _) => FailAsync(first, asynchronously), options => options.Id = "one")
            .Listen<ReportMade>(e => e.Seen.Add("between"))
            .Listen<ReportMade>((_, _) => FailAsync(second, asynchronously), options => options.Id = "two")
            .Listen<ReportMade>(e => e.Seen.Add("last")));
        var made = new ReportMade([]);

        var error = await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(made, Cancellation));

        made.Seen.ShouldBe(["between", "last"]);
        error.EventName.ShouldBe("report.made");
        error.Failures.Select(failure => failure.ListenerId).ShouldBe(["one", "two"]);
        error.Failures[0].Exception.ShouldBeSameAs(first);
        error.Failures[1].Exception.ShouldBeSameAs(second);
        error.InnerException.ShouldBeSameAs(first);
        error.Message.ShouldBe("2 listeners of 'report.made' failed; all others have run. 'one': TimeoutException: first 'two': InvalidOperationException: second");
        first.StackTrace!.ShouldContain("Fail");
    }

    [Fact] // "nothing is recorded, unless the event isolates failures"
    public async Task Of_an_event_that_isolates_durable_listeners_are_recorded_before_the_failure_is_reported()
    {
        var ran = 0;
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemory().RunDeliveriesByHand()
            .Listen<ReportMade>(_ => ran++, options => (options.Id, options.Delivery) = ("durable", Delivery.Durable))
            .Listen<ReportMade>((_, _) => FailAsync(new TimeoutException())));

        await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(new ReportMade([]), Cancellation));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        ran.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_to_record_wins_and_the_failures_of_listeners_are_in_the_log()
    {
        var thrown = new TimeoutException();
        await using var application = await Application.StartAsync(carillon => carillon.UseInMemory().ConfigureEnvelopes(options => options.MaxPayloadBytes = 10)
            .Listen<ReportMade>(_ => { }, options => (options.Id, options.Delivery) = ("durable", Delivery.Durable))
            .Listen<ReportMade>((_, _) => FailAsync(thrown), options => options.Id = "one"));

        await Should.ThrowAsync<Carillon.Envelopes.EventTooLargeException>(
            async () => await application.Events.DispatchAsync(new ReportMade(["a long one"]), Cancellation));

        AssertLogged(application, "one", "report.made", thrown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancellation_by_the_emitter_is_not_isolated_and_what_failed_before_is_in_the_log(bool asynchronously)
    {
        var thrown = new TimeoutException();
        using var source = new CancellationTokenSource();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<ReportMade>((_, _) => FailAsync(thrown, asynchronously), options => options.Id = "one")
            .Listen<ReportMade>(async (_, token) =>
            {
                await source.CancelAsync();
                if (asynchronously)
                {
                    await Task.Yield();
                }

                token.ThrowIfCancellationRequested();
            })
            .Listen<ReportMade>(e => e.Seen.Add("behind")));
        var made = new ReportMade([]);

        await Should.ThrowAsync<OperationCanceledException>(async () => await application.Events.DispatchAsync(made, source.Token));

        made.Seen.ShouldBeEmpty();
        AssertLogged(application, "one", "report.made", thrown);
    }

    [Fact]
    public async Task A_time_out_of_a_listeners_own_is_a_failure_like_any_other()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<ReportMade>((_, _) => FailAsync(new TaskCanceledException()))
            .Listen<ReportMade>(e => e.Seen.Add("behind")));
        var made = new ReportMade([]);

        await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(made, Cancellation));

        made.Seen.ShouldBe(["behind"]);
    }

    [Fact]
    public async Task An_event_that_isolates_and_is_stopped_stops()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .AddEvent<StoppableDrawn>(options => options.Errors = EventErrors.Isolate)
            .Listen<StoppableDrawn>((Action<StoppableDrawn>)(e =>
            {
                e.IsPropagationStopped = true;
                throw new TimeoutException();
            }))
            .Listen<StoppableDrawn>(e => e.Seen.Add("behind")));
        var drawn = new StoppableDrawn();

        await Should.ThrowAsync<ListenersFailedException>(async () => await application.Events.DispatchAsync(drawn, Cancellation));

        drawn.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_said_of_an_event_in_code_counts_more_than_its_attribute(bool first)
    {
        await using var application = await Application.StartAsync(carillon =>
        {
            if (first)
            {
                carillon.AddEvent<ReportMade>(options => options.Errors = EventErrors.StopAtFirst);
            }

            carillon.AddEvent(new Carillon.Events.EventType(typeof(ReportMade), "report.made") { Errors = EventErrors.Isolate });
            if (!first)
            {
                carillon.AddEvent<ReportMade>(options => options.Errors = EventErrors.StopAtFirst);
            }

            carillon.Listen<ReportMade>((_, _) => FailAsync(new TimeoutException())).Listen<ReportMade>(e => e.Seen.Add("behind"));
        });
        var made = new ReportMade([]);

        await Should.ThrowAsync<TimeoutException>(async () => await application.Events.DispatchAsync(made, Cancellation));

        made.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_said_of_a_type_that_no_event_has_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(
            () => Application.StartAsync(carillon => carillon.AddEvent<ShapeDrawn>(options => options.Errors = EventErrors.Isolate)));

        error.Problems.ShouldHaveSingleItem().ShouldContain("AddEvent<Carillon.Tests.ShapeDrawn>() says Errors = Isolate");
    }

    [Theory] // A5: its failure is logged and the rest go on
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_failure_of_a_listener_that_logs_its_errors_is_logged_with_event_and_listener_and_the_rest_go_on(bool asynchronously)
    {
        var thrown = new TimeoutException();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>((_, _) => FailAsync(thrown, asynchronously), options => (options.Id, options.Errors) = ("statistics", ListenerErrors.Log))
            .Listen<SquareDrawn>(e => e.Seen.Add("behind")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["behind"]);

        AssertLogged(application, "statistics", "square.drawn", thrown);
    }

    [Fact]
    public async Task A_listener_that_logs_its_errors_is_no_failure_of_an_event_that_isolates()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<ReportMade>((_, _) => FailAsync(new TimeoutException()), options => options.Errors = ListenerErrors.Log));

        await application.Events.DispatchAsync(new ReportMade([]), Cancellation);

        Failures(application).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Beside_a_listener_that_logs_its_errors_the_exception_of_another_reaches_the_emitter_unchanged()
    {
        var thrown = new TimeoutException();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { }, options => options.Errors = ListenerErrors.Log)
            .Listen<SquareDrawn>((_, _) => FailAsync(thrown)));

        (await Should.ThrowAsync<TimeoutException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation))).ShouldBeSameAs(thrown);

        Failures(application).ShouldBeEmpty();
    }

    [Theory] // Conformance 137
    [InlineData("create")]
    [InlineData("ask")]
    [InlineData("log")]
    public async Task A_logger_that_fails_does_not_keep_the_listeners_from_running(string when)
    {
        await using var application = await Application.StartAsync(
            carillon => carillon
                .Listen<SquareDrawn>((_, _) => FailAsync(new TimeoutException()), options => options.Errors = ListenerErrors.Log)
                .Listen<SquareDrawn>(e => e.Seen.Add("behind")),
            services => services.AddSingleton<ILoggerFactory>(new BrokenLoggers(when)));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["behind"]);
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);
    }

    [Fact]
    public void Failures_that_cannot_say_what_they_are_are_reported_all_the_same()
    {
        var error = new ListenersFailedException("report.made", [new ListenerFailure("one", new MuteException())]);

        error.Message.ShouldBe("A listener of 'report.made' failed; all others have run. 'one': MuteException: (its message cannot be had: NotSupportedException)");
    }

    // The host has an event with this id too.
    private static IEnumerable<LogEntry> Failures(Application application) => application.Log.Entries.Where(entry => entry is { Id: 2, Level: LogLevel.Error });

    private static void AssertLogged(Application application, string listenerId, string eventName, Exception exception)
    {
        var entry = Failures(application).ShouldHaveSingleItem();
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Message.ShouldBe($"{listenerId} failed on {eventName}; the dispatch went on without it.");
        entry.Exception.ShouldBeSameAs(exception);
    }

    private static ValueTask FailAsync(Exception exception, bool asynchronously = false) => asynchronously ? FailLaterAsync(exception) : throw exception;

    private static async ValueTask FailLaterAsync(Exception exception)
    {
        await Task.Yield();
        throw exception;
    }

    [Event("report.made", Errors = EventErrors.Isolate)]
    private sealed record ReportMade(List<string> Seen);

    private sealed class MuteException : Exception
    {
        public override string Message => throw new NotSupportedException();
    }

    private sealed class BrokenLoggers(string when) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) =>
            !categoryName.StartsWith("Carillon", StringComparison.Ordinal) ? NullLogger.Instance
            : when == "create" ? throw new TimeoutException()
            : this;

        public bool IsEnabled(LogLevel logLevel) => when == "ask" ? throw new TimeoutException() : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new TimeoutException();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
