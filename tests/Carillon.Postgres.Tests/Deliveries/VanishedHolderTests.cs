using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>
/// The one that holds a unique key is there when a batch is written, and gone a statement later: what it kept out is written after all, behind what came behind it. A trigger takes the holder
/// away at the very moment.
/// </summary>
public sealed class VanishedHolderTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_plain_one_behind_a_unique_one_of_its_key_stays_behind()
    {
        var store = await OpenWithHolderAsync();
        NewDelivery[] batch = [New("a", unique: "u"), New("b"), New("c", unique: "w"), New("d", key: "other")];

        await store.AddAsync(batch, Cancel);

        await ShouldComeInOrderAsync(store, batch[0], batch[1], batch[2]);
        batch.ShouldAllBe(delivery => !delivery.IsDuplicate);
        batch.Select(delivery => delivery.Id).Distinct().Count().ShouldBe(4);
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(1);
    }

    [Fact]
    public async Task What_comes_before_it_keeps_its_place()
    {
        var store = await OpenWithHolderAsync();
        NewDelivery[] batch = [New("a"), New("b", unique: "u"), New("c"), New("d", unique: "u")];

        await store.AddAsync(batch, Cancel);

        await ShouldComeInOrderAsync(store, batch[0], batch[1], batch[2]);
        batch[3].IsDuplicate.ShouldBeTrue();
        batch[3].Id.ShouldBe(batch[1].Id);
    }

    private async Task<PostgresDeliveryStore> OpenWithHolderAsync()
    {
        var store = await _place.OpenAsync();
        var holder = New("holder", unique: "u", key: "none");
        await store.AddAsync([holder], Cancel);
        await _place.ExecuteAsync(
            """
            CREATE FUNCTION {schema}.vanish() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                DELETE FROM {schema}.deliveries WHERE event_name = 'holder';
                RETURN NULL;
            END $$;
            CREATE TRIGGER vanish AFTER INSERT ON {schema}.deliveries FOR EACH STATEMENT EXECUTE FUNCTION {schema}.vanish();
            """);
        return store;
    }

    private static async Task ShouldComeInOrderAsync(PostgresDeliveryStore store, params NewDelivery[] expected)
    {
        foreach (var delivery in expected)
        {
            var leased = (await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel)).Where(each => each.Key == "k").ToList();
            leased.ShouldHaveSingleItem().Envelope.EventName.ShouldBe(delivery.Envelope.EventName);
            leased[0].Id.ShouldBe(delivery.Id);
            await store.SettleAsync([new Settlement { Delivery = leased[0], Outcome = DeliveryOutcome.Completed, At = Now }], Cancel);
        }
    }

    private static NewDelivery New(string name, string? unique = null, string key = "k") => TestDeliveries.New(
        eventName: name,
        key: new DeliveryKey(key) { IsOrdered = true },
        unique: unique is null ? null : new DeliveryUniqueness(unique, UniqueUntil.Done));
}
