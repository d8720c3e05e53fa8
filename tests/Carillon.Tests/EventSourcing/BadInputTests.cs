using Carillon.Envelopes;
using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Tests.EventSourcing;

public sealed class BadInputTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "the name is empty")]
    [InlineData(" account", "white space")]
    [InlineData("account\n", "white space")]
    [InlineData("acc\u0001ount", "a control character")]
    [InlineData("acc{half}ount", "half of a surrogate pair")]
    [InlineData("{half}", "half of a surrogate pair")]
    public async Task A_stream_that_cannot_be_called_so_is_refused(string name, string reason)
    {
        await using var application = await EventStoreTests.StartAsync();
        // The runner makes something else of it.
        name = name.Replace("{half}", "\uD83D", StringComparison.Ordinal);

        var exception = await Should.ThrowAsync<ArgumentException>(
            async () => await EventStoreTests.Store(application).AppendAsync(name, ExpectedVersion.Any, [new Deposited(1)], cancellationToken: Cancel));

        exception.Message.ShouldContain(reason);
        exception.Message.ShouldContain("order-4711");
        await Should.ThrowAsync<ArgumentException>(async () => await EventStoreTests.Store(application).FindVersionAsync(name, Cancel));
    }

    [Fact]
    public async Task A_name_of_200_characters_is_the_longest()
    {
        await using var application = await EventStoreTests.StartAsync();
        var store = EventStoreTests.Store(application);

        await store.AppendAsync(new string('x', 200), ExpectedVersion.Any, [new Deposited(1)], cancellationToken: Cancel);
        var exception = await Should.ThrowAsync<ArgumentException>(async () => await store.AppendAsync(new string('x', 201), ExpectedVersion.Any, [new Deposited(1)], cancellationToken: Cancel));

        exception.Message.ShouldContain("it has 201 characters, and 200 are the most");
        await store.AppendAsync("\U0001F514", ExpectedVersion.Any, [new Deposited(1)], cancellationToken: Cancel);
    }

    [Fact]
    public async Task An_append_of_nothing_is_refused()
    {
        await using var application = await EventStoreTests.StartAsync();

        (await Should.ThrowAsync<ArgumentException>(async () => await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, [], cancellationToken: Cancel)))
            .Message.ShouldContain("'account-1'");
        await Should.ThrowAsync<ArgumentException>(async () => await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(1), null!], cancellationToken: Cancel));
        (await EventStoreTests.Store(application).FindVersionAsync("account-1", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task An_event_without_a_name_is_refused()
    {
        await using var application = await EventStoreTests.StartAsync();

        var exception = await Should.ThrowAsync<CarillonException>(
            async () => await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, [new Closed("bankrupt")], cancellationToken: Cancel));

        exception.Message.ShouldContain(typeof(Closed).ToString());
        exception.Message.ShouldContain("AddEvent<T>()");
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_refused_and_nothing_is_appended()
    {
        await using var application = await EventStoreTests.StartAsync(configure: carillon => carillon.AddEvent<Noted>().ConfigureEnvelopes(envelopes => envelopes.MaxPayloadBytes = 100));

        var exception = await Should.ThrowAsync<EventTooLargeException>(
            async () => await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(1), new Noted(new string('x', 100))], cancellationToken: Cancel));

        exception.Message.ShouldContain("'account.noted'");
        (await EventStoreTests.Store(application).FindVersionAsync("account-1", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_named()
    {
        await using var application = await EventStoreTests.StartAsync();

        var exception = await Should.ThrowAsync<StreamNotFoundException>(async () =>
        {
            await foreach (var _ in EventStoreTests.Store(application).ReadAsync("account-1", cancellationToken: Cancel))
            {
            }
        });

        exception.Stream.ShouldBe("account-1");
        exception.Message.ShouldContain("'account-1'");
    }

    [Fact]
    public async Task A_position_beyond_the_end_is_refused_with_both()
    {
        await using var application = await EventStoreTests.StartAsync();
        await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(1)], cancellationToken: Cancel);

        foreach (var reader in new[] { EventStoreTests.Store(application).ReadAllAsync(2, cancellationToken: Cancel), EventStoreTests.Store(application).SubscribeAsync(2, Cancel) })
        {
            await using var events = reader.GetAsyncEnumerator(Cancel);
            var exception = await Should.ThrowAsync<PositionBeyondEndException>(async () => await events.MoveNextAsync());

            (exception.Position, exception.End).ShouldBe((2, 1));
            exception.Message.ShouldContain("after position 2");
            exception.Message.ShouldContain("ends at 1");
        }
    }

    [Fact]
    public async Task A_projection_that_remembers_a_later_end_stops_and_says_so()
    {
        var database = new InMemoryStreamDatabase();
        await database.Projections.EnsureAsync("balances", Cancel);
        var lease = (await database.Projections.LeaseAsync("balances", 1, "earlier", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Cancel)).ShouldNotBeNull();
        await database.Projections.AdvanceAsync(null, lease, 9, DateTimeOffset.UnixEpoch, Cancel);

        await using var application = await EventStoreTests.StartAsync(configure: carillon => carillon
            .UseEventStore(_ => database).AddBalances());
        var projections = application.Services.GetRequiredService<IProjections>();
        var exception = await Should.ThrowAsync<CarillonException>(async () => await projections.WaitAsync("balances", 10, Cancel));

        exception.Message.ShouldContain("after position 9");
        exception.Message.ShouldContain("restored from a backup");
    }

    [Fact]
    public async Task Options_that_cannot_be_stop_the_start()
    {
        var exception = await Should.ThrowAsync<OptionsValidationException>(async () => await EventStoreTests.StartAsync(
            options => (options.PageSize, options.PollInterval, options.LeaseDuration) = (0, TimeSpan.Zero, TimeSpan.FromMilliseconds(1))));

        exception.Message.ShouldContain("PageSize is 0");
        exception.Message.ShouldContain("PollInterval is 00:00:00");
        exception.Message.ShouldContain("LeaseDuration is 00:00:00.001");
    }

    [Fact]
    public async Task Projections_that_do_not_fit_together_stop_the_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(async () => await EventStoreTests.StartAsync(configure: carillon => carillon
            .AddProjection<Empty>("empty")
            .AddBalances()
            .AddProjection<Balances>("balances", options => options.BatchSize = -1)));

        exception.Message.ShouldContain("The projection 'empty'");
        exception.Message.ShouldContain("takes no event");
        exception.Message.ShouldContain("Two projections have the name 'balances'");
        exception.Message.ShouldContain("BatchSize = -1");
    }

    [Fact]
    public async Task A_projection_that_nobody_added_is_told_of()
    {
        await using var application = await EventStoreTests.StartAsync(configure: carillon => Balances.AddMethods(carillon));

        application.Log.Entries.ShouldContain(entry => entry.Id == 466 && entry.Message.Contains("Balances"));
    }

    [Fact]
    public async Task A_projection_that_there_is_not_is_named_with_those_there_are()
    {
        await using var application = await EventStoreTests.StartAsync(configure: carillon => carillon.AddBalances());

        var exception = await Should.ThrowAsync<CarillonException>(async () => await application.Services.GetRequiredService<IProjections>().RebuildAsync("balance", cancellationToken: Cancel));

        exception.Message.ShouldContain("no projection 'balance'");
        exception.Message.ShouldContain("'balances'");
    }

    private sealed class Empty : IProjection;
}
