using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Stores.Tests;

/// <summary>What every store has to do. Each suite below it is about one part of the port and is run on every store.</summary>
public abstract class DeliveryStoreTests<TStores> : IAsyncLifetime
    where TStores : TestStores, new()
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    protected static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    private readonly TStores _stores = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IDeliveryStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await _stores.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The store as another process sees it.</summary>
    protected ValueTask<IDeliveryStore> OpenAnotherAsync() => _stores.OpenAsync();

    protected async ValueTask<NewDelivery> AddAsync(NewDelivery? delivery = null)
    {
        delivery ??= Deliveries.New();
        await Store.AddAsync([delivery], Cancel);
        return delivery;
    }

    protected ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        DateTimeOffset? now = null, int maxCount = 100, string owner = "worker 1", IDeliveryStore? store = null) =>
        (store ?? Store).LeaseAsync(new LeaseRequest(new DeliveryLease(owner, (now ?? Now) + LeaseTime), now ?? Now, maxCount), Cancel);

    protected async ValueTask<LeasedDelivery> AddAndLeaseAsync(NewDelivery? delivery = null)
    {
        var added = await AddAsync(delivery);
        return (await LeaseAsync()).Single(leased => leased.Id == added.Id);
    }

    /// <summary>Settles one delivery.</summary>
    /// <returns>False if its lease was lost.</returns>
    protected async ValueTask<bool> SettleAsync(
        LeasedDelivery delivery,
        DeliveryOutcome outcome,
        DateTimeOffset? at = null,
        DateTimeOffset? retryAt = null,
        DateTimeOffset? keepUntil = null,
        string? error = null)
    {
        var settlement = new Settlement
        {
            Delivery = delivery,
            Outcome = outcome,
            At = at ?? Now,
            RetryAt = retryAt,
            KeepUntil = keepUntil,
            Error = error,
        };
        return (await Store.SettleAsync([settlement], Cancel)).Count == 0;
    }

    /// <summary>A delivery that has come to this state.</summary>
    protected async ValueTask<long> AddInStateAsync(DeliveryState state)
    {
        switch (state)
        {
            case DeliveryState.Scheduled:
                return (await AddAsync(Deliveries.New(dueAt: Now.AddHours(1)))).Id;
            case DeliveryState.Ready:
                return (await AddAsync()).Id;
        }

        var leased = await AddAndLeaseAsync();
        switch (state)
        {
            case DeliveryState.Completed:
                await SettleAsync(leased, DeliveryOutcome.Completed, keepUntil: Now.AddDays(1));
                break;
            case DeliveryState.Failed:
                await SettleAsync(leased, DeliveryOutcome.Failed, error: "no more attempts");
                break;
            case DeliveryState.Parked:
                await SettleAsync(leased, DeliveryOutcome.Parked, error: "nobody knows it");
                break;
            case DeliveryState.Discarded:
                await SettleAsync(leased, DeliveryOutcome.Failed, error: "no more attempts");
                await Store.DiscardAsync(leased.Id, Now, Cancel);
                break;
        }

        return leased.Id;
    }

    protected async ValueTask<DeliverySnapshot?> FindAsync(long id, DateTimeOffset? now = null) =>
        (await Store.ListAsync(new DeliveryQuery { PageSize = 1000 }, now ?? Now, Cancel)).SingleOrDefault(snapshot => snapshot.Id == id);

    protected async ValueTask<DeliverySnapshot> ReadAsync(long id, DateTimeOffset? now = null) =>
        (await FindAsync(id, now)).ShouldNotBeNull();
}
