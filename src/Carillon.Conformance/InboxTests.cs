using System.Collections.Frozen;
using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Conformance;

/// <summary>Which messages a consumer has seen already.</summary>
public abstract class InboxTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const string Consumer = "Sitemap";

    [Fact]
    public async Task A_message_is_new_once() // 273
    {
        var inbox = Inbox();

        (await SeeAsync(inbox)).ShouldBeTrue();
        (await SeeAsync(inbox)).ShouldBeFalse();
        (await SeeAsync(inbox)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_is_new_once_over_all_processes() // 273
    {
        var inbox = Inbox();
        var another = (IInboxStore)await OpenAnotherAsync();

        (await SeeAsync(inbox)).ShouldBeTrue();
        (await SeeAsync(another)).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_consumer_and_every_message_stands_for_itself() // 154, 341
    {
        var inbox = Inbox();
        await SeeAsync(inbox);

        (await SeeAsync(inbox, consumer: "Notify")).ShouldBeTrue();
        (await SeeAsync(inbox, consumer: "sitemap")).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: "message 2")).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: "Message 1")).ShouldBeTrue();
        (await SeeAsync(inbox, consumer: "Site", messageId: "mapmessage 1")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_that_need_not_be_recognised_any_longer_is_new() // 395
    {
        var inbox = Inbox();
        await SeeAsync(inbox, keepUntil: Now.AddHours(1));

        (await SeeAsync(inbox, now: Now.AddHours(1).AddTicks(-1), keepUntil: Now.AddYears(1))).ShouldBeFalse();
        (await SeeAsync(inbox, now: Now.AddHours(1), keepUntil: Now.AddHours(2))).ShouldBeTrue("a duplicate does not prolong it");
        (await SeeAsync(inbox, now: Now.AddHours(2).AddTicks(-1))).ShouldBeFalse();
        (await SeeAsync(inbox, now: Now.AddHours(2))).ShouldBeTrue();
    }

    [Fact]
    public async Task Whether_a_message_was_seen_is_told_without_seeing_it()
    {
        var inbox = Inbox();
        (await WasSeenAsync(inbox)).ShouldBeFalse();

        (await SeeAsync(inbox, keepUntil: Now.AddHours(1))).ShouldBeTrue("asking has noted nothing");

        (await WasSeenAsync(inbox)).ShouldBeTrue();
        (await WasSeenAsync((IInboxStore)await OpenAnotherAsync())).ShouldBeTrue();
        (await WasSeenAsync(inbox, consumer: "Notify")).ShouldBeFalse();
        (await WasSeenAsync(inbox, messageId: "message 2")).ShouldBeFalse();
        (await WasSeenAsync(inbox, now: Now.AddHours(1).AddTicks(-1))).ShouldBeTrue();
        (await WasSeenAsync(inbox, now: Now.AddHours(1))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_that_is_forgotten_is_new()
    {
        var inbox = Inbox();
        await SeeAsync(inbox);
        await SeeAsync(inbox, consumer: "Notify");
        await SeeAsync(inbox, messageId: "message 2");

        await inbox.ForgetAsync(Consumer, "message 1", Cancel);
        await inbox.ForgetAsync(Consumer, "of which nobody has heard", Cancel);

        (await WasSeenAsync(inbox)).ShouldBeFalse();
        (await WasSeenAsync(inbox, consumer: "Notify")).ShouldBeTrue();
        (await WasSeenAsync(inbox, messageId: "message 2")).ShouldBeTrue();
        (await SeeAsync(inbox)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_sweep_forgets_what_need_not_be_recognised_and_nothing_else() // 395
    {
        var inbox = Inbox();
        await SeeAsync(inbox, messageId: "short", keepUntil: Now.AddHours(1));
        await SeeAsync(inbox, messageId: "long", keepUntil: Now.AddHours(2));

        await Store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet<string>.Empty, FrozenSet<string>.Empty), Now.AddHours(1)), Cancel);

        // Seen from a time at which both would still be recognised.
        (await SeeAsync(inbox, messageId: "short")).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: "long")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("'; DELETE FROM carillon_inbox; --")]
    [InlineData("🔔")]
    [InlineData("")]
    public async Task A_message_may_have_any_id(string messageId)
    {
        var inbox = Inbox();

        (await SeeAsync(inbox, messageId: messageId)).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: messageId)).ShouldBeFalse();
        (await WasSeenAsync(inbox, messageId: messageId)).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: messageId + "b")).ShouldBeTrue();
        (await SeeAsync(inbox, consumer: messageId + "c", messageId: messageId)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_id_has_up_to_two_hundred_characters()
    {
        var inbox = Inbox();
        var start = new string('é', 199);

        (await SeeAsync(inbox, messageId: start + "1")).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: start + "2")).ShouldBeTrue();
        (await SeeAsync(inbox, messageId: start + "1")).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_that_see_a_message_at_once_it_is_new_for_one() // 273
    {
        Inbox();
        var inboxes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (IInboxStore)await OpenAnotherAsync()));

        for (var round = 0; round < 20; round++)
        {
            var messageId = $"message {round}";
            var seen = await Task.WhenAll(inboxes.Select(inbox => Task.Run(() => SeeAsync(inbox, messageId: messageId), Cancel)));
            seen.Count(isNew => isNew).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_notes_nothing()
    {
        var inbox = Inbox();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await inbox.TryRecordAsync(null, Consumer, "message 1", Now, Now.AddDays(1), new CancellationToken(canceled: true)));

        (await SeeAsync(inbox)).ShouldBeTrue();
    }

    private IInboxStore Inbox()
    {
        Needs(DeliveryStoreFeatures.Inbox);
        return Store.ShouldBeAssignableTo<IInboxStore>()!;
    }

    private static async Task<bool> WasSeenAsync(IInboxStore inbox, string consumer = Consumer, string messageId = "message 1", DateTimeOffset? now = null) =>
        await inbox.IsRecordedAsync(consumer, messageId, now ?? Now, Cancel);

    private static async Task<bool> SeeAsync(
        IInboxStore inbox, string consumer = Consumer, string messageId = "message 1", DateTimeOffset? now = null, DateTimeOffset? keepUntil = null) =>
        await inbox.TryRecordAsync(null, consumer, messageId, now ?? Now, keepUntil ?? Now.AddDays(1), Cancel);
}
