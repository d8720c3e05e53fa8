using System.Data.Common;
using Carillon.Deliveries;

namespace Carillon.Tests.Hosting;

/// <summary>A store that can be out of reach for a while.</summary>
internal sealed class FlakyStore(IDeliveryStore store) : IDeliveryStore
{
    private volatile bool _isAway;

    internal bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    internal TaskCompletionSource RefusedToSettle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Description => store.Description;

    public bool JoinsTransactions => store.JoinsTransactions;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => Present().PrepareAsync(cancellationToken);

    public string? WhyNotIn(DbConnection connection) => store.WhyNotIn(connection);

    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        Present().AddAsync(deliveries, cancellationToken);

    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        Present().AddAsync(transaction, deliveries, cancellationToken);

    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        Present().LeaseAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<LeasedDelivery>> ExtendAsync(
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

    public ValueTask<DateTimeOffset?> GetNextDueAsync(CancellationToken cancellationToken) => Present().GetNextDueAsync(cancellationToken);

    public ValueTask<int> SweepAsync(KnownNames known, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().SweepAsync(known, now, cancellationToken);

    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().CountAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().ListAsync(query, now, cancellationToken);

    public ValueTask<bool> RetryAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().RetryAsync(id, now, cancellationToken);

    public ValueTask<bool> DiscardAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Present().DiscardAsync(id, now, cancellationToken);

    private IDeliveryStore Present() => IsAway ? throw new DeliveryStoreException("The store is away.") : store;
}
