using System.Data.Common;
using Carillon.Deliveries;

namespace Carillon.Tests.Transactions;

/// <summary>A store that passes everything on to another one.</summary>
internal abstract class StoreAround(IDeliveryStore store) : IDeliveryStore
{
    public virtual string Description => store.Description;

    public virtual bool JoinsTransactions => store.JoinsTransactions;

    public virtual bool JoinsAmbientTransactions => store.JoinsAmbientTransactions;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => store.PrepareAsync(cancellationToken);

    public virtual string? WhyNotIn(DbConnection connection) => store.WhyNotIn(connection);

    public virtual ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => store.TakeTurnAsync(connection, cancellationToken);

    public virtual ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) => store.OpenConnectionAsync(cancellationToken);

    public virtual string? WhyNotEnlisted(DbConnection connection) => WhyNotIn(connection);

    public virtual ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) => store.AddAsync(deliveries, cancellationToken);

    public virtual ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        store.AddAsync(transaction, deliveries, cancellationToken);

    public virtual ValueTask AddEnlistedAsync(DbConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        store.AddEnlistedAsync(connection, deliveries, cancellationToken);

    public virtual ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) => store.LeaseAsync(request, cancellationToken);

    public virtual ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.ExtendAsync(deliveries, until, cancellationToken);

    public virtual ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken) =>
        store.SettleAsync(settlements, cancellationToken);

    public virtual ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken) =>
        store.SettleAsync(transaction, settlement, cancellationToken);

    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) => store.GetNextDueAsync(after, cancellationToken);

    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken) => store.SweepAsync(request, cancellationToken);

    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.CountAsync(now, cancellationToken);

    public virtual ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ListAsync(query, now, cancellationToken);

    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) => store.FindAsync(id, now, cancellationToken);

    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) => store.RetryAsync(ids, now, cancellationToken);

    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        store.DiscardAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        store.CancelAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.RescheduleAsync(id, dueAt, now, cancellationToken);

    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.ListQueuesAsync(now, cancellationToken);

    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) => store.PauseAsync(queue, now, cancellationToken);

    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) => store.ResumeAsync(queue, cancellationToken);
}
