using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>More of one key wait than are put aside in one transaction.</summary>
public sealed class ManyOfOneKeyTests : IAsyncDisposable
{
    private const int Many = 2_500;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Those_after_them_are_leased_in_the_same_call(bool isOrdered)
    {
        var store = await _file.OpenStoreAsync();
        var key = new DeliveryKey("order 7") { IsOrdered = isOrdered };
        await store.AddAsync([.. Enumerable.Range(0, Many).Select(_ => TestDeliveries.New(key: key)), TestDeliveries.New(), TestDeliveries.New()], Cancel);

        var leased = await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 3), Cancel);

        leased.Select(delivery => delivery.Id).ShouldBe([1, Many + 1, Many + 2]);
        (await store.CountAsync(Now, Cancel))[DeliveryState.Parked].ShouldBe(Many - 1);
    }
}
