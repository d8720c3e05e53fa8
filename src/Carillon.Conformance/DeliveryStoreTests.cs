using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What every store has to do. Each suite that derives from it is about one part of the port.</summary>
/// <typeparam name="TStores">Where the deliveries of a test live.</typeparam>
public abstract class DeliveryStoreTests<TStores> : IAsyncLifetime
    where TStores : TestStores, new()
{
    // The contract of xunit.v3 for libraries that do not use its assertions: an exception whose message begins with this skips the test.
    private const string SkipToken = "$XunitDynamicSkip$";

    private readonly TStores _stores = new();

    /// <summary>The time at which a test begins.</summary>
    protected static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How long a lease lasts.</summary>
    protected static TimeSpan LeaseTime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Ends the test from outside.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store, as the process of the test has it.</summary>
    protected IDeliveryStore Store { get; private set; } = null!;

    /// <summary>What the store can do beyond what every store does.</summary>
    protected DeliveryStoreFeatures Features => _stores.Features;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Store = await _stores.OpenAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the test as skipped if the store cannot do what it is about.</summary>
    protected void Needs(DeliveryStoreFeatures features)
    {
        if ((features & ~Features) is not DeliveryStoreFeatures.None and var missing)
        {
            throw new NotDeclaredException($"{SkipToken}{typeof(TStores).Name} does not declare {missing}.");
        }
    }

    /// <summary>The store as another process sees it.</summary>
    protected ValueTask<IDeliveryStore> OpenAnotherAsync() => _stores.OpenAsync();

    /// <summary>The process of the test ends, and another one opens the store.</summary>
    protected async ValueTask RestartAsync()
    {
        await _stores.CloseAsync(Store);
        Store = await _stores.OpenAsync();
    }

    /// <summary>Writes one delivery, by default one that is due.</summary>
    protected async ValueTask<NewDelivery> AddAsync(NewDelivery? delivery = null)
    {
        delivery ??= TestDeliveries.New();
        await Store.AddAsync([delivery], Cancel);
        return delivery;
    }

    /// <summary>Leases what is due.</summary>
    protected ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        DateTimeOffset? now = null,
        int maxCount = 100,
        string owner = "worker 1",
        IDeliveryStore? store = null,
        string queue = Queues.Default,
        int limit = 0)
    {
        var lease = new DeliveryLease(owner, (now ?? Now) + LeaseTime);
        return (store ?? Store).LeaseAsync(new LeaseRequest(lease, now ?? Now, maxCount) { Queue = queue, Limit = limit }, Cancel);
    }

    /// <summary>The ids of what is due, which is leased by that.</summary>
    protected async ValueTask<IReadOnlyList<long>> LeaseIdsAsync(
        DateTimeOffset? now = null, int maxCount = 100, string queue = Queues.Default, int limit = 0) =>
        [.. (await LeaseAsync(now, maxCount, queue: queue, limit: limit)).Select(leased => leased.Id)];

    /// <summary>Writes one delivery and leases what is due.</summary>
    protected async ValueTask<LeasedDelivery> AddAndLeaseAsync(NewDelivery? delivery = null)
    {
        var added = await AddAsync(delivery);
        return (await LeaseAsync(queue: added.Queue)).Single(leased => leased.Id == added.Id);
    }

    /// <summary>Settles one delivery.</summary>
    /// <returns>False if its lease was lost.</returns>
    protected async ValueTask<bool> SettleAsync(
        LeasedDelivery delivery,
        DeliveryOutcome outcome,
        DateTimeOffset? at = null,
        DateTimeOffset? retryAt = null,
        DateTimeOffset? keepUntil = null,
        string? error = null) =>
        (await Store.SettleAsync([Settle(delivery, outcome, at, retryAt, keepUntil, error)], Cancel)).Count == 0;

    /// <summary>What becomes of a delivery.</summary>
    protected static Settlement Settle(
        LeasedDelivery delivery,
        DeliveryOutcome outcome,
        DateTimeOffset? at = null,
        DateTimeOffset? retryAt = null,
        DateTimeOffset? keepUntil = null,
        string? error = null) => new()
        {
            Delivery = delivery,
            Outcome = outcome,
            At = at ?? Now,
            RetryAt = retryAt,
            KeepUntil = keepUntil,
            Error = error,
        };

    /// <summary>A delivery that has come to this state. What was due before is leased on the way.</summary>
    protected async ValueTask<long> AddInStateAsync(DeliveryState state)
    {
        switch (state)
        {
            case DeliveryState.Scheduled:
                return (await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(1)))).Id;
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
                await SettleAsync(leased, DeliveryOutcome.Discarded, error: "of no use");
                break;
            case DeliveryState.Cancelled:
                await Store.CancelAsync([leased.Id], Now, null, Cancel);
                await SettleAsync(leased, DeliveryOutcome.Cancelled, error: "cancelled");
                break;
        }

        return leased.Id;
    }

    /// <summary>A delivery; null if there is none with this id.</summary>
    protected async ValueTask<DeliverySnapshot?> FindAsync(long id, DateTimeOffset? now = null) =>
        (await Store.FindAsync(id, now ?? Now, Cancel))?.Delivery;

    /// <summary>A delivery that is there.</summary>
    protected async ValueTask<DeliverySnapshot> ReadAsync(long id, DateTimeOffset? now = null) =>
        (await FindAsync(id, now)).ShouldNotBeNull();

    /// <summary>The state of a delivery that is there.</summary>
    protected async ValueTask<DeliveryState> StateOfAsync(long id, DateTimeOffset? now = null) => (await ReadAsync(id, now)).State;

    private sealed class NotDeclaredException(string message) : Exception(message);
}
