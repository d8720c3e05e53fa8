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

    public ScriptTests()
    {
        var options = new RedisOptions { Server = RedisTransports.Server, Prefix = _place.Prefix };
        _link = new RedisLink(RedisAddress.Of(options), options, TimeProvider.System);
        _scripts = new SubscriptionScripts(_link, options);
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

    private static OutgoingEvent Outgoing(string name) => new()
    {
        EventName = name,
        Id = Guid.CreateVersion7(),
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes("{}"),
    };
}
