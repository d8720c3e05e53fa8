using Carillon.Testing;

namespace Carillon.Tests;

public sealed class DomainEventTests
{
    private readonly SimulatedTime _time = new();
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // A16
    public async Task What_aggregates_have_raised_is_dispatched_in_order_and_they_have_nothing_left()
    {
        await using var application = await StartAsync();
        var (first, second) = (new Account("first"), new Account("second"));
        second.Open(_time);
        first.Open(_time);
        _time.Advance(TimeSpan.FromMinutes(1));
        first.Close(_time);
        _ran.ShouldBeEmpty();

        var dispatched = await application.Events.DispatchDomainEventsAsync([first, second], Cancellation);

        _ran.ShouldBe(["first opened at 12:00", "first closed at 12:01", "second opened at 12:00"]);
        dispatched.ShouldBe([new AccountOpened("first", Noon), new AccountClosed("first", Noon.AddMinutes(1)), new AccountOpened("second", Noon)]);
        Raised(first).ShouldBeEmpty();
        (await application.Events.DispatchDomainEventsAsync(first, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_listeners_raise_on_the_same_aggregates_is_dispatched_too()
    {
        var account = new Account("first");
        await using var application = await StartAsync(carillon => carillon.Listen<AccountOpened>(_ => account.Close(_time)));
        account.Open(_time);

        await application.Events.DispatchDomainEventsAsync(account, Cancellation);

        _ran.ShouldBe(["first opened at 12:00", "first closed at 12:00"]);
        Raised(account).ShouldBeEmpty();
    }

    [Fact]
    public async Task Listeners_that_go_on_raising_are_stopped_and_the_event_is_named()
    {
        var account = new Account("first");
        await using var application = await Application.StartAsync(carillon => carillon.Listen<AccountOpened>(_ => account.Open(_time)));
        account.Open(_time);

        var exception = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchDomainEventsAsync(account, Cancellation));

        exception.Message.ShouldContain(nameof(AccountOpened));
    }

    [Fact]
    public async Task After_a_failure_the_aggregates_have_all_their_events_again_in_their_order()
    {
        var fails = true;
        var (first, second) = (new Account("first"), new Account("second"));
        await using var application = await StartAsync(carillon => carillon.Listen<AccountClosed>(_ =>
        {
            first.Open(_time);
            if (fails)
            {
                throw new FormatException();
            }
        }));
        first.Open(_time);
        second.Close(_time);

        await Should.ThrowAsync<FormatException>(async () => await application.Events.DispatchDomainEventsAsync([first, second], Cancellation));

        Raised(first).Count.ShouldBe(2);
        Raised(second).ShouldBe([new AccountClosed("second", Noon)]);
        fails = false;
        (await application.Events.DispatchDomainEventsAsync([first, second], Cancellation)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task After_a_failure_what_listeners_had_raised_meanwhile_stands_behind_what_led_to_it()
    {
        var account = new Account("first");
        await using var application = await StartAsync(carillon => carillon
            .Listen<AccountOpened>(_ => account.Close(_time))
            .Listen<AccountClosed>(new Action<AccountClosed>(_ => throw new FormatException())));
        account.Open(_time);

        await Should.ThrowAsync<FormatException>(async () => await application.Events.DispatchDomainEventsAsync(account, Cancellation));

        Raised(account).ShouldBe([new AccountOpened("first", Noon), new AccountClosed("first", Noon)]);
    }

    [Fact] // A16: each carries when it occurred
    public void An_event_that_does_not_say_when_it_occurred_is_refused() =>
        Should.Throw<ArgumentException>(() => new DomainEvents().Raise(new AccountOpened("first", default))).Message.ShouldContain("OccurredAt");

    [Fact]
    public async Task Domain_events_wait_in_a_block_like_any_other()
    {
        await using var application = await StartAsync();
        var account = new Account("first");
        account.Open(_time);
        using var buffer = application.Events.Defer();
        await application.Events.DispatchDomainEventsAsync(account, Cancellation);
        _ran.ShouldBeEmpty();

        await buffer.FlushAsync(Cancellation);

        _ran.ShouldBe(["first opened at 12:00"]);
    }

    private static DateTimeOffset Noon { get; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static IReadOnlyList<IDomainEvent> Raised(IHasDomainEvents aggregate) => aggregate.DomainEvents.Raised;

    private Task<Application> StartAsync(Action<CarillonBuilder>? configure = null) => Application.StartAsync(carillon =>
    {
        carillon
            .Listen<AccountOpened>(e => _ran.Add($"{e.Name} opened at {e.OccurredAt:HH:mm}"))
            .Listen<AccountClosed>(e => _ran.Add($"{e.Name} closed at {e.OccurredAt:HH:mm}"));
        configure?.Invoke(carillon);
    });

    private sealed record AccountOpened(string Name, DateTimeOffset OccurredAt) : IDomainEvent;

    private sealed record AccountClosed(string Name, DateTimeOffset OccurredAt) : IDomainEvent;

    private sealed class Account(string name) : AggregateRoot
    {
        internal void Open(TimeProvider clock) => Raise(clock, now => new AccountOpened(name, now));

        internal void Close(TimeProvider clock) => Raise(new AccountClosed(name, clock.GetUtcNow()));
    }
}
