using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Tests.Hosting;

/// <summary>A store that can be out of reach for a while.</summary>
internal sealed class FlakyStore(IDeliveryStore store) : IDeliveryStore, IInboxStore
{
    private volatile bool _isAway;
    private int _announced;
    private int _queuesListed;

    internal bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    internal TaskCompletionSource RefusedToSettle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when somebody wants to write a delivery; the write waits for <see cref="MayAdd"/>.</summary>
    internal TaskCompletionSource? Adding { get; set; }

    internal TaskCompletionSource MayAdd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when deliveries were leased; the answer waits for <see cref="MayAnswer"/>.</summary>
    internal TaskCompletionSource? Leased { get; set; }

    internal TaskCompletionSource MayAnswer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Refuses to note what was completed, as often as it says.</summary>
    internal int RefusesToNote { get; set; }

    /// <summary>Does not answer whether something was completed, as often as it says.</summary>
    internal int RefusesToTell { get; set; }

    internal int Announced => _announced;

    internal int QueuesListed => Volatile.Read(ref _queuesListed);

    /// <summary>What the worker has given to be called when another process has written something.</summary>
    internal Action? Wake { get; private set; }

    public string Description => store.Description;

    public bool JoinsTransactions => store.JoinsTransactions;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => Present().PrepareAsync(cancellationToken);

    public string? WhyNotIn(DbConnection connection) => store.WhyNotIn(connection);

    public async ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        if (Adding is { } adding)
        {
            adding.TrySetResult();
            await MayAdd.Task;
        }

        await Present().AddAsync(deliveries, cancellationToken);
    }

    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        Present().AddAsync(transaction, deliveries, cancellationToken);

    public void Announce() => Interlocked.Increment(ref _announced);

    public ValueTask<IAsyncDisposable?> ListenAsync(Action wake, CancellationToken cancellationToken)
    {
        Wake = wake;
        return default;
    }

    public async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        var found = await Present().LeaseAsync(request, cancellationToken);
        if (found.Count > 0 && Leased is { } leased)
        {
            leased.TrySetResult();
            await MayAnswer.Task;
        }

        return found;
    }

    public ValueTask<ExtendedLeases> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        Present().ExtendAsync(deliveries, until, cancellationToken);

    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            RefusedToSettle.TrySetResult();
        }

        return Present().SettleAsync(settlements, cancellationToken);
    }

    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) =>
        Present().GetNextDueAsync(after, cancellationToken);

    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken) => Present().SweepAsync(request, cancellationToken);

    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().CountAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().ListAsync(query, now, cancellationToken);

    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().FindAsync(id, now, cancellationToken);

    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().RetryAsync(ids, now, cancellationToken);

    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        Present().DiscardAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        Present().CancelAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().RescheduleAsync(id, dueAt, now, cancellationToken);

    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _queuesListed);
        return Present().ListQueuesAsync(now, cancellationToken);
    }

    public ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken) => Present().ListPausedAsync(cancellationToken);

    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) => Present().PauseAsync(queue, now, cancellationToken);

    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) => Present().ResumeAsync(queue, cancellationToken);

    public ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken) =>
        RefusesToNote-- > 0
            ? throw new DeliveryStoreException("The inbox is away.")
            : ((IInboxStore)Present()).TryRecordAsync(transaction, consumer, messageId, now, keepUntil, cancellationToken);

    public ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken) =>
        RefusesToTell-- > 0
            ? throw new DeliveryStoreException("The inbox is away.")
            : ((IInboxStore)Present()).IsRecordedAsync(consumer, messageId, now, cancellationToken);

    public ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken) =>
        ((IInboxStore)Present()).ForgetAsync(consumer, messageId, cancellationToken);

    private IDeliveryStore Present() => IsAway ? throw new DeliveryStoreException("The store is away.") : store;
}
