using System.Text;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Which deliveries a filter means.</summary>
public abstract class FilterTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task By_queue()
    {
        await Store.AddAsync([TestDeliveries.New(), TestDeliveries.New(queue: "mail"), TestDeliveries.New(queue: "mail")], Cancel);

        (await ListIdsAsync(new DeliveryQuery { Queue = "mail" })).ShouldBe([3, 2]);
        (await ListIdsAsync(new DeliveryQuery { Queue = Queues.Default })).ShouldBe([1]);
        (await ListIdsAsync(new DeliveryQuery { Queue = "MAIL" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task By_key_and_by_unique_key()
    {
        await Store.AddAsync(
            [
                TestDeliveries.New(key: new DeliveryKey("order 1")),
                TestDeliveries.New(key: new DeliveryKey("order 2")),
                TestDeliveries.New(unique: new DeliveryUniqueness("order 1", UniqueUntil.Started)),
                TestDeliveries.New(listenerId: "Notify", key: new DeliveryKey("order 1")),
            ],
            Cancel);

        (await ListIdsAsync(new DeliveryQuery { Key = "order 1" })).ShouldBe([4, 1]);
        (await ListIdsAsync(new DeliveryQuery { Key = "order 1", ListenerId = "Notify" })).ShouldBe([4]);
        (await ListIdsAsync(new DeliveryQuery { Key = "order" })).ShouldBeEmpty();
        (await ListIdsAsync(new DeliveryQuery { UniqueKey = "order 1" })).ShouldBe([3]);

        await LeaseAsync();
        (await ListIdsAsync(new DeliveryQuery { UniqueKey = "order 1" })).ShouldBeEmpty("it has started");
    }

    [Fact]
    public async Task By_event()
    {
        NewDelivery[] added = [TestDeliveries.New(), TestDeliveries.New(), TestDeliveries.New()];
        await Store.AddAsync(added, Cancel);
        await Store.AddAsync([new NewDelivery { Envelope = added[1].Envelope, ListenerId = "Notify", DueAt = Now }], Cancel);

        (await ListIdsAsync(new DeliveryQuery { EventId = added[1].Envelope.Id })).ShouldBe([4, 2]);
        (await ListIdsAsync(new DeliveryQuery { EventId = Guid.Empty })).ShouldBeEmpty();
    }

    [Fact]
    public async Task By_the_time_of_the_event() // 230
    {
        await Store.AddAsync([.. Enumerable.Range(1, 3).Select(tick => TestDeliveries.New(time: Now.AddTicks(tick)))], Cancel);

        (await ListIdsAsync(new DeliveryQuery { CreatedFrom = Now.AddTicks(2) })).ShouldBe([3, 2]);
        (await ListIdsAsync(new DeliveryQuery { CreatedBefore = Now.AddTicks(2) })).ShouldBe([1]);
        (await ListIdsAsync(new DeliveryQuery { CreatedFrom = Now.AddTicks(2), CreatedBefore = Now.AddTicks(3) })).ShouldBe([2]);
        (await ListIdsAsync(new DeliveryQuery { CreatedFrom = Now.AddTicks(2).ToOffset(TimeSpan.FromHours(5)) })).ShouldBe([3, 2]);
    }

    [Fact]
    public async Task By_a_text_in_the_last_error_or_in_the_payload()
    {
        await AddAsync(TestDeliveries.New(payload: Encoding.UTF8.GetBytes("""{"title":"Tea or Coffee?"}""")));
        var failed = await AddAsync();
        foreach (var leased in await LeaseAsync())
        {
            await SettleAsync(leased, leased.Id == failed.Id ? DeliveryOutcome.Failed : DeliveryOutcome.Released, error: leased.Id == failed.Id ? "No coffee left" : null);
        }

        (await ListIdsAsync(new DeliveryQuery { Text = "coffee" })).ShouldBe([2, 1]);
        (await ListIdsAsync(new DeliveryQuery { Text = "TEA" })).ShouldBe([1]);
        (await ListIdsAsync(new DeliveryQuery { Text = "left" })).ShouldBe([2]);
        (await ListIdsAsync(new DeliveryQuery { Text = "milk" })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("'")]
    [InlineData("[a]")]
    [InlineData("100%")]
    [InlineData("*")]
    public async Task A_text_means_itself_whatever_it_means_to_a_database(string text)
    {
        await AddAsync(TestDeliveries.New(payload: Encoding.UTF8.GetBytes($"before {text} after")));
        await AddAsync(TestDeliveries.New(payload: "before a after 100 years"u8.ToArray()));

        (await ListIdsAsync(new DeliveryQuery { Text = text })).ShouldBe([1]);
    }

    [Fact]
    public async Task The_case_of_ASCII_letters_alone_is_the_same() // what every database can do without an extension
    {
        await AddAsync(TestDeliveries.New(payload: "CAFÉ ÄÖÜ 🔔"u8.ToArray()));

        (await ListIdsAsync(new DeliveryQuery { Text = "caf" })).ShouldBe([1]);
        (await ListIdsAsync(new DeliveryQuery { Text = "cafÉ" })).ShouldBe([1]);
        (await ListIdsAsync(new DeliveryQuery { Text = "🔔" })).ShouldBe([1]);
        (await ListIdsAsync(new DeliveryQuery { Text = "café" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_said_applies_together()
    {
        await Store.AddAsync(
            [
                TestDeliveries.New("poll.created", "Sitemap", queue: "mail", payload: "tea"u8.ToArray()),
                TestDeliveries.New("poll.created", "Sitemap", queue: "mail", payload: "coffee"u8.ToArray()),
                TestDeliveries.New("poll.created", "Notify", queue: "mail", payload: "tea"u8.ToArray()),
                TestDeliveries.New("poll.closed", "Sitemap", queue: "mail", payload: "tea"u8.ToArray()),
                TestDeliveries.New("poll.created", "Sitemap", payload: "tea"u8.ToArray()),
                TestDeliveries.New("poll.created", "Sitemap", queue: "mail", payload: "tea"u8.ToArray(), dueAt: Now.AddDays(1)),
            ],
            Cancel);

        (await ListIdsAsync(new DeliveryQuery
        {
            State = DeliveryState.Ready, EventName = "poll.created", ListenerId = "Sitemap", Queue = "mail", Text = "tea", CreatedFrom = TestDeliveries.Time,
        })).ShouldBe([1]);
    }

    [Fact]
    public async Task What_is_parked_behind_another_one_is_listed_with_the_parked_ones()
    {
        var key = new DeliveryKey("order 1") { IsOrdered = true };
        await Store.AddAsync([TestDeliveries.New(key: key), TestDeliveries.New(key: key)], Cancel);
        await LeaseAsync();

        (await ListIdsAsync(new DeliveryQuery { State = DeliveryState.Parked })).ShouldBe([2]);
        (await Store.CountAsync(Now, Cancel))[DeliveryState.Parked].ShouldBe(1);
    }

    private async Task<List<long>> ListIdsAsync(DeliveryQuery query) =>
        [.. (await Store.ListAsync(query, Now, Cancel)).Select(snapshot => snapshot.Id)];
}
