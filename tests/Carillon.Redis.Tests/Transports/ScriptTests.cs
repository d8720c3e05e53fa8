using System.Text;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports.Internal;
using Carillon.Transports;

namespace Carillon.Redis.Tests.Transports;

/// <summary>What the server does by itself.</summary>
public sealed class ScriptTests : IAsyncDisposable
{
    private readonly RedisTransports _place = new();
    private readonly RedisLink _link;
    private readonly SubscriptionScripts _scripts;
    private readonly SubscriptionScripts _small;

    public ScriptTests()
    {
        var options = new RedisOptions { Server = RedisTransports.Server, Prefix = _place.Prefix };
        _link = new RedisLink(RedisAddress.Of(options), options, TimeProvider.System);
        _scripts = new SubscriptionScripts(_link, options, AnswerLimits.Default);
        _small = new SubscriptionScripts(_link, options, new AnswerLimits { Full = 1000, Largest = 2000 });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await _place.DisposeAsync();
    }

    /// <summary>The server decides who wants an event; it has to decide as the patterns of listeners do.</summary>
    [Fact]
    public async Task The_server_matches_names_as_everybody_else_does()
    {
        string[] segments = ["poll", "created", "a+b", "%d", "[x]", "", "\u00e4\ud83d\ude00", "a\nb", "\0", "*", "#", "*", "#"];
        var random = new Random(11);
        var wanted = Enumerable.Range(0, 60).Select(_ => new TransportSubscription { Patterns = [NotEmpty(Pick(segments.Length))] }).ToList();
        for (var number = 0; number < wanted.Count; number++)
        {
            await _scripts.JoinAsync($"k:{number}", "somebody", wanted[number], counts: true, Cancel);
        }

        var matches = 0L;
        for (var number = 0; number < 300; number++)
        {
            var name = NotEmpty(Pick(segments.Length - 4));
            var (taken, _) = await _scripts.PublishAsync(Outgoing(name), Cancel);
            taken.ShouldBe(wanted.Count(each => each.Wants(name)), $"of '{name}'");
            matches += taken;
        }

        matches.ShouldBeGreaterThan(300);

        string Pick(int kinds) => string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => segments[random.Next(kinds)]));

        static string NotEmpty(string text) => text.Length == 0 ? "poll" : text;
    }

    [Fact]
    public async Task What_was_given_with_an_answer_that_was_lost_comes_again_uncounted()
    {
        await _scripts.JoinAsync("k:all", "me", new TransportSubscription { Patterns = ["#"] }, counts: true, Cancel);
        await _scripts.PublishAsync(Outgoing("one"), Cancel);
        await _scripts.PublishAsync(Outgoing("two"), Cancel);
        var known = await _scripts.TakeAsync("k:all", "me", 1, isOrdered: false, inHand: null, Cancel);
        var lost = await _scripts.TakeAsync("k:all", "me", 1, isOrdered: false, inHand: null, Cancel);

        (await _scripts.TakeAsync("k:all", "me", 5, isOrdered: false, inHand: null, Cancel)).Events.ShouldBeEmpty();
        var again = await _scripts.TakeAsync("k:all", "me", 5, isOrdered: false, [known.Events[0].Entry], Cancel);

        again.Events.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            one => one.Entry.ShouldBe(lost.Events[0].Entry), one => one.Incoming.Attempt.ShouldBe(1));
    }

    [Fact]
    public async Task Names_that_are_made_up_are_not_remembered_for_ever()
    {
        for (var number = 0; number < 1100; number++)
        {
            await _scripts.PublishAsync(Outgoing($"poll.n{number}"), Cancel);
        }

        (await RedisTransports.SendAsync(new RedisCommand("HLEN").Add($"{{{_place.Prefix}}}:routes"))).Number.ShouldBe(100);
    }

    [Fact]
    public async Task A_receiver_that_was_taken_for_dead_is_told_so_and_what_it_says_does_not_count()
    {
        await _scripts.JoinAsync("k:all", "dead", new TransportSubscription { Patterns = ["#"] }, counts: true, Cancel);
        await _scripts.PublishAsync(Outgoing("one"), Cancel);
        var taken = await _scripts.TakeAsync("k:all", "dead", 1, isOrdered: false, inHand: null, Cancel);
        await _scripts.LeaveAsync("k:all", "dead", Cancel);

        (await _scripts.BeatAsync("k:all", "dead", Cancel)).ShouldBeFalse();
        (await _scripts.SettleAsync("k:all", "dead", taken.Events[0], ReceiveOutcome.Acknowledged, Cancel)).ShouldBeFalse();
        (await Should.ThrowAsync<TransportException>(async () => await _scripts.TakeAsync("k:all", "dead", 1, isOrdered: false, inHand: null, Cancel)))
            .InnerException.ShouldBeOfType<RedisServerException>().Is("LOST").ShouldBeTrue();
    }

    [Fact]
    public async Task A_receiver_that_comes_back_does_not_undo_what_somebody_has_said_since()
    {
        await _scripts.JoinAsync("k:all", "old", new TransportSubscription { Patterns = ["old"] }, counts: true, Cancel);
        await _scripts.JoinAsync("k:all", "new", new TransportSubscription { Patterns = ["new"] }, counts: true, Cancel);

        await _scripts.JoinAsync("k:all", "old again", new TransportSubscription { Patterns = ["old"] }, counts: false, Cancel);

        (await _scripts.PublishAsync(Outgoing("old"), Cancel)).Taken.ShouldBe(0);
        (await _scripts.PublishAsync(Outgoing("new"), Cancel)).Taken.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_is_said_twice_is_free_again_when_its_event_is_done()
    {
        await _scripts.JoinAsync("k:all", "me", new TransportSubscription { Patterns = ["#"], Ordered = true }, counts: true, Cancel);
        await RedisTransports.SendAsync(
            new RedisCommand("XADD").Add(_scripts.KeyOf("stream", "k:all")).Add("*").Add("carillon-key").Add("first").Add("carillon-key").Add("second").Add("carillon-body").Add("{}"));
        var taken = await _scripts.TakeAsync("k:all", "me", 1, isOrdered: true, inHand: null, Cancel);

        await _scripts.SettleAsync("k:all", "me", taken.Events.ShouldHaveSingleItem(), ReceiveOutcome.Acknowledged, Cancel);

        (await _place.KeysAsync()).ShouldNotContain("busy:k:all");
    }

    [Fact]
    public async Task Of_large_events_no_more_are_given_at_once_than_an_answer_can_carry()
    {
        await _scripts.JoinAsync("k:all", "me", new TransportSubscription { Patterns = ["#"] }, counts: true, Cancel);
        for (var number = 0; number < 5; number++)
        {
            await _scripts.PublishAsync(Outgoing("large", new byte[5 * 1024 * 1024]), Cancel);
        }

        var taken = new List<string>();
        for (var more = true; more;)
        {
            var some = await _scripts.TakeAsync("k:all", "me", 10, isOrdered: false, inHand: null, Cancel);
            some.Events.Count.ShouldBeLessThan(4);
            some.Events.ShouldAllBe(each => each.Incoming.Attempt == 1);
            taken.AddRange(some.Events.Select(static each => each.Entry));
            more = some.Events.Count > 0 || some.HasMore;
        }

        taken.Count.ShouldBe(5);
        taken.ShouldBe(taken.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_does_not_fit_into_an_answer_comes_with_the_next_in_the_order_of_its_key_and_uncounted()
    {
        await _small.JoinAsync("k:all", "me", new TransportSubscription { Patterns = ["#"], Ordered = true }, counts: true, Cancel);
        foreach (var key in (string[])["a", "a", "b", "b", "c"])
        {
            await _small.PublishAsync(Outgoing("one", new byte[500], key), Cancel);
        }

        var given = new List<(string Key, string Entry)>();
        for (var more = true; more;)
        {
            var some = await _small.TakeAsync("k:all", "me", 10, isOrdered: true, inHand: null, Cancel);
            some.Events.Count.ShouldBeLessThan(2);
            foreach (var each in some.Events)
            {
                each.Incoming.Attempt.ShouldBe(1);
                given.Add((Encoding.UTF8.GetString(each.Key.Span), each.Entry));
                await _small.SettleAsync("k:all", "me", each, ReceiveOutcome.Acknowledged, Cancel);
            }

            more = some.Events.Count > 0 || some.HasMore;
        }

        given.Select(static each => each.Key).Order().ShouldBe(["a", "a", "b", "b", "c"]);
        given.GroupBy(static each => each.Key).ShouldAllBe(static key => key.Select(each => each.Entry).SequenceEqual(key.Select(each => each.Entry).Order(StringComparer.Ordinal)));
        (await _place.KeysAsync()).ShouldBe(["alive:k:all", "bell:k:all", "routes", "stream:k:all", "subscriptions"]);
    }

    [Fact]
    public async Task An_event_that_is_too_large_for_any_answer_is_given_up_with_the_reason_and_keeps_nobody_back()
    {
        await _small.JoinAsync("k:all", "me", new TransportSubscription { Patterns = ["#"], Ordered = true }, counts: true, Cancel);
        await _small.PublishAsync(Outgoing("large", new byte[3000], "a"), Cancel);
        await _small.PublishAsync(Outgoing("small", new byte[10], "a"), Cancel);

        var taken = await _small.TakeAsync("k:all", "me", 10, isOrdered: true, inHand: null, Cancel);

        (taken.Events.Count, taken.Buried).ShouldBe((1, 1));
        var letter = (await new RedisDeadLetters(_small).ListAsync("all", 10, Cancel)).ShouldHaveSingleItem();
        letter.Reason.ShouldStartWith("It has 3");
        letter.Reason.ShouldEndWith(" bytes, of which a receiver can be given no more than 2000.");
        letter.Body.Length.ShouldBe(0);
        // It is whole there all the same, for a receiver that can be given more.
        (await new RedisDeadLetters(_small).ReplayAsync("all", null, Cancel)).ShouldBe(1);
        await _scripts.SettleAsync("k:all", "me", taken.Events[0], ReceiveOutcome.Acknowledged, Cancel);
        (await _scripts.TakeAsync("k:all", "me", 10, isOrdered: true, inHand: null, Cancel)).Events.ShouldHaveSingleItem().Incoming.Body.Length.ShouldBe(3000);
    }

    [Fact]
    public async Task Dead_letters_that_do_not_fit_into_one_answer_are_listed_replayed_and_discarded_all_the_same()
    {
        await _small.JoinAsync("k:all", "me", new TransportSubscription { Patterns = ["#"] }, counts: true, Cancel);
        for (var number = 0; number < 10; number++)
        {
            await _small.PublishAsync(Outgoing("one", new byte[500]), Cancel);
            var taken = await _small.TakeAsync("k:all", "me", 1, isOrdered: false, inHand: null, Cancel);
            await _small.SettleAsync("k:all", "me", taken.Events[0], ReceiveOutcome.DeadLetter("broken"), Cancel);
        }

        var letters = new RedisDeadLetters(_small);
        (await _small.ReadDeadAsync("all", null, 10, Cancel)).Count.ShouldBe(1);
        (await letters.ListAsync("all", 7, Cancel)).Count.ShouldBe(7);
        (await letters.ListAsync("all", 100, Cancel)).Select(static letter => letter.Id).Distinct().Count().ShouldBe(10);
        (await letters.DiscardAsync("all", [(await letters.ListAsync("all", 1, Cancel))[0].Id], Cancel)).ShouldBe(1);
        (await letters.ReplayAsync("all", [(await letters.ListAsync("all", 1, Cancel))[0].Id], Cancel)).ShouldBe(1);
        (await letters.DiscardAsync("all", null, Cancel)).ShouldBe(8);
        (await letters.ListAsync("all", 100, Cancel)).ShouldBeEmpty();
    }

    private static OutgoingEvent Outgoing(string name, byte[]? body = null, string? key = null) => new()
    {
        EventName = name,
        Key = key,
        Id = Guid.CreateVersion7(),
        ContentType = "application/json",
        Headers = [],
        Body = body ?? "{}"u8.ToArray(),
    };
}
