using System.Collections.Frozen;
using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>Rows that somebody has changed by hand to what cannot be.</summary>
public sealed class DamagedRowTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Theory]
    [InlineData("state = 9")]
    [InlineData("state = -1")]
    [InlineData("state = 8, behind = 99")]
    [InlineData("state = 8, behind = NULL")]
    [InlineData("state = 5, behind = 2")]
    [InlineData("priority = 77")]
    [InlineData("priority = -77")]
    [InlineData("key_value = 'k', key_order = 7, key_limit = 0")]
    [InlineData("key_value = 'k', key_order = NULL, key_limit = NULL")]
    [InlineData("key_value = 'k', key_order = 0, key_limit = -5")]
    [InlineData("unique_key = 'u', unique_held = 1, unique_until = 9, unique_since = NULL")]
    [InlineData("unique_key = NULL, unique_held = 1, unique_until = NULL")]
    [InlineData("cancel_requested = 42")]
    [InlineData("failures = 1000")]
    [InlineData("failures = -1")]
    [InlineData("attempt = -7, token = -7")]
    [InlineData("keep_until = -9223372036854775807")]
    [InlineData("due_at = 9223372036854775807")]
    [InlineData("queue = ''")]
    public async Task Everything_still_works_for_the_others(string damage)
    {
        var store = await _file.OpenStoreAsync();
        await store.AddAsync([TestDeliveries.New(), TestDeliveries.New(listenerId: "Notify"), TestDeliveries.New(key: new DeliveryKey("k") { IsOrdered = true })], Cancel);
        _file.Execute($"UPDATE carillon_deliveries SET {damage} WHERE id = 1");

        (await store.CountAsync(Now, Cancel)).Values.Sum().ShouldBe(3);
        (await store.ListAsync(new DeliveryQuery(), Now, Cancel)).Select(delivery => delivery.Id).ShouldBe([3, 2, 1]);
        (await store.FindAsync(1, Now, Cancel)).ShouldNotBeNull();
        await store.ListQueuesAsync(Now, Cancel);
        await store.GetNextDueAsync(Now, Cancel);
        await store.AddAsync(
            [TestDeliveries.New(listenerId: "Replace", unique: new DeliveryUniqueness("u", UniqueUntil.Done) { Replaces = true, MaxWait = TimeSpan.MaxValue })], Cancel);
        var leased = await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel);
        leased.Select(delivery => delivery.Id).ShouldContain(2);
        (await store.SettleAsync([.. leased.Select(delivery => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Now })], Cancel)).ShouldBeEmpty();
        await store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet.Create("poll.created"), FrozenSet.Create("Sitemap")), Now), Cancel);
        await store.CancelAsync([1, 2, 3], Now, null, Cancel);
        await store.DiscardAsync([1, 2, 3], Now, null, Cancel);
        await store.RetryAsync([1, 2, 3], Now, Cancel);
        await store.RescheduleAsync(1, Now, Now, Cancel);
    }

    [Fact]
    public async Task A_priority_that_is_none_has_its_place_among_the_others()
    {
        var store = await _file.OpenStoreAsync();
        await store.AddAsync([TestDeliveries.New(priority: DeliveryPriority.Low), TestDeliveries.New(), TestDeliveries.New(priority: DeliveryPriority.High), TestDeliveries.New()], Cancel);
        _file.Execute("UPDATE carillon_deliveries SET priority = 77 WHERE id = 1; UPDATE carillon_deliveries SET priority = -77 WHERE id = 2");

        var leased = await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel);

        leased.Select(delivery => delivery.Id).ShouldBe([1, 3, 4, 2]);
    }
}
