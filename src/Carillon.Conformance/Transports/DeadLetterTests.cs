using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>What was given up is kept, shown, and given again when somebody says so.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class DeadLetterTests<TTransports> : TransportTests<TTransports>
    where TTransports : TestTransports, new()
{
    [Fact]
    public async Task An_event_that_was_given_up_is_kept_with_its_reason()
    {
        var receiving = await ReceiveAsync("poll.created", "all", answer: static message =>
            new(message.Attempt == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.Zero, "once more") : ReceiveOutcome.DeadLetter("It is hopeless: \u00e4.")));

        await PublishAsync("poll.created", "{\"a\":1}");
        await receiving.NextTextsAsync(2);

        var letter = (await DeadLettersAsync("all", 1)).ShouldHaveSingleItem();
        letter.Reason.ShouldBe("It is hopeless: \u00e4.");
        letter.IsParked.ShouldBeFalse();
        letter.Attempts.ShouldBe(2);
        letter.ContentType.ShouldBe("application/json");
        letter.Body.ToArray().ShouldBe("{\"a\":1}"u8.ToArray());
        letter.Headers.ShouldContain(header => header.Name == "cloudEvents:type" && header.Value == Own("poll.created"));
    }

    [Fact]
    public async Task An_event_that_nobody_knows_is_kept_as_parked()
    {
        await ReceiveAsync("poll.created", "all", answer: static _ => new(ReceiveOutcome.Parked("Nobody knows it.")));

        await PublishAsync("poll.created");

        var letter = (await DeadLettersAsync("all", 1)).ShouldHaveSingleItem();
        (letter.IsParked, letter.Reason).ShouldBe((true, "Nobody knows it."));
    }

    [Fact]
    public async Task A_long_reason_is_kept()
    {
        var reason = new string('x', 5000);
        await ReceiveAsync("poll.created", "all", answer: _ => new(ReceiveOutcome.DeadLetter(reason)));

        await PublishAsync("poll.created");

        (await DeadLettersAsync("all", 1)).ShouldHaveSingleItem().Reason.ShouldStartWith("xxx");
    }

    [Fact]
    public async Task Replayed_it_comes_once_to_its_own_subscription_as_if_for_the_first_time()
    {
        var failing = await ReceiveAsync("poll.created", "failing", No(1, ReceiveOutcome.DeadLetter("broken")));
        var other = await ReceiveAsync("poll.created", "other");
        await PublishAsync("poll.created", "one");
        var letter = (await DeadLettersAsync("failing", 1)).ShouldHaveSingleItem();

        (await Transport.DeadLetters.ReplayAsync(Own("failing"), [letter.Id], Cancel)).ShouldBe(1);

        await failing.NextAsync();
        var again = await failing.NextAsync();
        (again.Text, again.Attempt).ShouldBe(("one", 1));
        (await Transport.DeadLetters.ListAsync(Own("failing"), 10, Cancel)).ShouldBeEmpty();
        (await Transport.DeadLetters.ReplayAsync(Own("failing"), [letter.Id], Cancel)).ShouldBe(0);
        await PublishAsync("poll.created", "two");
        (await other.NextTextsAsync(2)).ShouldBe(["one", "two"]);
        (await failing.NextAsync()).Text.ShouldBe("two");
    }

    [Fact]
    public async Task All_are_replayed_or_discarded_at_once()
    {
        var receiving = await ReceiveAsync("poll.created", "all", No(4, ReceiveOutcome.DeadLetter("broken")));
        await PublishAsync("poll.created", "one");
        await PublishAsync("poll.created", "two");
        await DeadLettersAsync("all", 2);
        (await Transport.DeadLetters.ReplayAsync(Own("all"), null, Cancel)).ShouldBe(2);
        await receiving.NextTextsAsync(4);
        await DeadLettersAsync("all", 2);

        (await Transport.DeadLetters.DiscardAsync(Own("all"), null, Cancel)).ShouldBe(2);

        (await Transport.DeadLetters.ListAsync(Own("all"), 10, Cancel)).ShouldBeEmpty();
        await PublishAsync("poll.created", "three");
        (await receiving.NextAsync()).Text.ShouldBe("three");
    }

    [Fact]
    public async Task One_of_several_is_discarded()
    {
        await ReceiveAsync("poll.created", "all", answer: static _ => new(ReceiveOutcome.DeadLetter("broken")));
        foreach (var text in (string[])["one", "two", "three"])
        {
            await PublishAsync("poll.created", text);
        }

        var letters = await DeadLettersAsync("all", 3);
        (await Transport.DeadLetters.DiscardAsync(Own("all"), [letters[1].Id, "unknown"], Cancel)).ShouldBe(1);

        (await DeadLettersAsync("all", 2)).Select(letter => letter.Id).ShouldBe([letters[0].Id, letters[2].Id]);
    }

    [Fact]
    public async Task So_many_are_listed_as_are_asked_for_and_those_of_nobody_are_none()
    {
        await ReceiveAsync("poll.created", "all", answer: static _ => new(ReceiveOutcome.DeadLetter("broken")));
        await PublishAsync("poll.created", "one");
        await PublishAsync("poll.created", "two");
        await DeadLettersAsync("all", 2);

        (await Transport.DeadLetters.ListAsync(Own("all"), 1, Cancel)).Count.ShouldBe(1);
        (await Transport.DeadLetters.ListAsync(Own("all"), 100, Cancel)).Count.ShouldBe(2);
        (await Transport.DeadLetters.ListAsync(Own("nobody"), 10, Cancel)).ShouldBeEmpty();
        (await Transport.DeadLetters.ReplayAsync(Own("nobody"), null, Cancel)).ShouldBe(0);
    }
}
