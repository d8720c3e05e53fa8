using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>The errors of the attempts that failed are kept beside the deliveries, and go with them.</summary>
public sealed class FailedAttemptTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task The_row_of_a_delivery_does_not_grow_with_their_errors()
    {
        const int failures = 40;
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);
        for (var number = 1; number <= failures; number++)
        {
            // Nothing that could be compressed, as stack traces could; each time by a person, as nobody grants so many attempts.
            await FailAsync(store, Convert.ToBase64String(RandomBytes(number, 6_000)));
            (await store.RetryAsync([1], Now, Cancel)).ShouldBe(1);
        }

        (await _place.ReadAsync<int>("SELECT pg_column_size(d.*) FROM {schema}.deliveries d")).ShouldBeLessThan(3_000);
        (await FindAsync(store)).FailedAttempts.Select(attempt => attempt.Error).ShouldBe(Enumerable.Range(1, failures).Select(number => Convert.ToBase64String(RandomBytes(number, 6_000))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task They_go_with_their_delivery(bool completes)
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New(), TestDeliveries.New()], Cancel);
        var leased = await LeaseAsync(store);
        await store.SettleAsync([.. leased.Select(delivery => Settle(delivery, DeliveryOutcome.Retry))], Cancel);
        (await CountAsync()).ShouldBe(2);

        var again = (await LeaseAsync(store))[0];
        await store.SettleAsync([Settle(again, completes ? DeliveryOutcome.Completed : DeliveryOutcome.Failed)], Cancel);
        await store.SweepAsync(new SweepRequest(new KnownNames([], []), Now.AddDays(1)), Cancel);

        (await store.FindAsync(again.Id, Now, Cancel)).ShouldBeNull();
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_kept_in_the_row_before_there_was_a_table_is_listed_first()
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);
        await _place.ExecuteAsync("UPDATE {schema}.deliveries SET attempt = 2, failed_numbers = '{1,2}', failed_at = '{10,20}', failed_errors = '{first,second}'");

        await FailAsync(store, "third");

        (await FindAsync(store)).FailedAttempts.Select(attempt => (attempt.Number, attempt.Error)).ShouldBe([(1, "first"), (2, "second"), (3, "third")]);
    }

    private static async Task FailAsync(PostgresDeliveryStore store, string error) =>
        (await store.SettleAsync([Settle((await LeaseAsync(store)).ShouldHaveSingleItem(), DeliveryOutcome.Failed, error)], Cancel)).ShouldBeEmpty();

    private static async ValueTask<DeliveryDetails> FindAsync(PostgresDeliveryStore store) => (await store.FindAsync(1, Now, Cancel)).ShouldNotBeNull();

    private static ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(PostgresDeliveryStore store) =>
        store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel);

    private static Settlement Settle(LeasedDelivery delivery, DeliveryOutcome outcome, string error = "no coffee") => new()
    {
        Delivery = delivery,
        Outcome = outcome,
        At = Now,
        RetryAt = Now,
        KeepUntil = outcome == DeliveryOutcome.Failed ? Now.AddHours(1) : null,
        Error = error,
    };

    private static byte[] RandomBytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private ValueTask<long> CountAsync() => _place.ReadAsync<long>("SELECT count(*) FROM {schema}.attempts");
}
