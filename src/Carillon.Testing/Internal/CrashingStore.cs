using System.Data.Common;
using Carillon.Deliveries;

namespace Carillon.Testing.Internal;

/// <summary>The application's store, which a crashed process does not reach any more. What only reads stays possible: it is the test that looks.</summary>
internal abstract class CrashingStore(IDeliveryStore store, CrashPoints crashes) : IDeliveryStore, IAsyncDisposable, IDisposable
{
    public string Description => store.Description;

    public bool JoinsTransactions => store.JoinsTransactions;

    public bool JoinsAmbientTransactions => store.JoinsAmbientTransactions;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => store.PrepareAsync(cancellationToken);

    public string? WhyNotIn(DbConnection connection) => store.WhyNotIn(connection);

    public ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => store.TakeTurnAsync(connection, cancellationToken);

    public ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) => store.OpenConnectionAsync(cancellationToken);

    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        AddAsync(deliveries, () => store.AddAsync(deliveries, cancellationToken));

    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        AddAsync(deliveries, () => store.AddAsync(transaction, deliveries, cancellationToken));

    public string? WhyNotEnlisted(DbConnection connection) => store.WhyNotEnlisted(connection);

    public ValueTask<DbConnection> OpenEnlistedAsync(CancellationToken cancellationToken) => store.OpenEnlistedAsync(cancellationToken);

    public ValueTask AddEnlistedAsync(DbConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        AddAsync(deliveries, () => store.AddEnlistedAsync(connection, deliveries, cancellationToken));

    public void Announce()
    {
        if (crashes.CrashedAt is null)
        {
            store.Announce();
        }
    }

    public ValueTask<IAsyncDisposable?> ListenAsync(Action wake, CancellationToken cancellationToken) => store.ListenAsync(wake, cancellationToken);

    public async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        crashes.Live();
        crashes.Pass(CrashPoint.BeforeLease, []);
        var leased = await store.LeaseAsync(request, cancellationToken).ConfigureAwait(false);
        if (leased.Count > 0)
        {
            crashes.Pass(CrashPoint.AfterLease, leased.Select(static delivery => delivery.ListenerId));
        }

        return leased;
    }

    public ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        Living().ExtendAsync(deliveries, until, cancellationToken);

    public async ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        crashes.Live();
        var listeners = settlements.Select(static settlement => settlement.Delivery.ListenerId);
        crashes.Pass(CrashPoint.BeforeSettle, listeners);
        var lost = await store.SettleAsync(settlements, cancellationToken).ConfigureAwait(false);
        crashes.Pass(CrashPoint.AfterSettle, listeners);
        return lost;
    }

    public async ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken)
    {
        crashes.Live();
        crashes.Pass(CrashPoint.BeforeSettle, [settlement.Delivery.ListenerId]);
        var isSettled = await store.SettleAsync(transaction, settlement, cancellationToken).ConfigureAwait(false);
        // The commit comes next and is not the store's: it happens, and with it the process ends.
        crashes.PassSilently(CrashPoint.AfterSettle, [settlement.Delivery.ListenerId]);
        return isSettled;
    }

    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) => store.GetNextDueAsync(after, cancellationToken);

    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken) => Living().SweepAsync(request, cancellationToken);

    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.CountAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ListAsync(query, now, cancellationToken);

    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) => store.FindAsync(id, now, cancellationToken);

    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) => Living().RetryAsync(ids, now, cancellationToken);

    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        Living().DiscardAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        Living().CancelAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        Living().RescheduleAsync(id, dueAt, now, cancellationToken);

    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.ListQueuesAsync(now, cancellationToken);

    public ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken) => store.ListPausedAsync(cancellationToken);

    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) => Living().PauseAsync(queue, now, cancellationToken);

    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) => Living().ResumeAsync(queue, cancellationToken);

    // The container made the store around; it knows nothing of the one inside.
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (store is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync();
        }

        (store as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (store is IDisposable disposable)
        {
            disposable.Dispose();
            GC.SuppressFinalize(this);
        }
        else
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>The store, for a process that lives.</summary>
    private protected IDeliveryStore Living()
    {
        crashes.Live();
        return store;
    }

    private async ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, Func<ValueTask> add)
    {
        var listeners = deliveries.Select(static delivery => delivery.ListenerId);
        crashes.Live();
        crashes.Pass(CrashPoint.BeforeAdd, listeners);
        await add().ConfigureAwait(false);
        crashes.Pass(CrashPoint.AfterAdd, listeners);
        // The commit comes next, if there is one, and is not the store's: it happens, and with it the process ends.
        crashes.PassSilently(CrashPoint.AfterCommit, listeners);
    }
}
