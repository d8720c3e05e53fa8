using System.Data.Common;

namespace Carillon.Deliveries;

/// <summary>Where deliveries live: the port between the engine and a database.</summary>
/// <remarks>
/// <para>
/// Every method is one transaction: it has happened completely when it returns, or not at all when it throws. That holds for a call that is
/// cancelled too: it throws as long as nothing has begun, and is carried out and returns otherwise. Only <see cref="SweepAsync"/> may remove in
/// several transactions what is much.
/// </para>
/// <para>
/// Shipped implementations: in memory (for tests and development; gone with the process) and SQLite (embedded, the application's own file).
/// </para>
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface IDeliveryStore
{
    /// <summary>
    /// A few words for messages: the kind of store and where it is, <c>SQLite database 'polls.db'</c>. Without credentials.
    /// </summary>
    string Description { get; }

    /// <summary>Makes the store ready: creates or migrates its tables. Called once, before anything else, when the host starts.</summary>
    /// <exception cref="DeliveryStoreException">The store cannot be reached or written to.</exception>
    ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether deliveries can be written in the application's transactions. A store that keeps them elsewhere (in memory) is given them right
    /// after the commit instead, and loses them if the process dies in between.
    /// </summary>
    bool JoinsTransactions { get; }

    /// <summary>Says why deliveries cannot be written in transactions of this connection (another database, another provider); null if they can, or if the store joins no transactions.</summary>
    string? WhyNotIn(DbConnection connection);

    /// <summary>
    /// Called before a unit of work begins its transaction on this connection. A store whose own writes would get in its way lets it wait in line
    /// here. By default there is nothing to wait for.
    /// </summary>
    /// <returns>Disposed when the transaction has ended; null if there is nothing to end. A store never relies on it: it only makes waiting short.</returns>
    ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => default;

    /// <summary>Writes deliveries in a transaction of the store's own and sets their ids.</summary>
    /// <exception cref="DeliveryStoreException">They were not written.</exception>
    ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Writes deliveries in the application's transaction and sets their ids. They exist once the application has committed.</summary>
    /// <exception cref="DeliveryStoreException">They were not written; the transaction should be rolled back.</exception>
    /// <exception cref="NotSupportedException">The store joins no transactions.</exception>
    ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>
    /// Leases deliveries that are due, those due first coming first: ready and scheduled ones, and those whose lease has ended. Raises the
    /// attempt and the token of each.
    /// </summary>
    ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Extends leases.</summary>
    /// <returns>Those that were lost: settled, or leased by another worker since.</returns>
    ValueTask<IReadOnlyList<LeasedDelivery>> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Settles deliveries, each only if its token is still the latest and it is still leased: a delivery is settled once for each token.</summary>
    /// <returns>Those whose lease was lost; they were left as they are.</returns>
    ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken);

    /// <summary>When the next delivery is due or the next lease ends (UTC); null if nothing waits. May lie in the past.</summary>
    ValueTask<DateTimeOffset?> GetNextDueAsync(CancellationToken cancellationToken);

    /// <summary>Makes parked deliveries ready whose event and listener are both known, and removes completed ones that need not be kept any longer.</summary>
    /// <returns>How many became ready.</returns>
    ValueTask<int> SweepAsync(KnownNames known, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many deliveries are in each state at <paramref name="now"/>: one that is scheduled and due counts as ready.</summary>
    ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One page of deliveries, newest first; one that is scheduled and due at <paramref name="now"/> shows as ready.</summary>
    ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes a failed, parked or discarded delivery ready at <paramref name="now"/>, without attempts and without error.</summary>
    /// <returns>False if there is no such delivery or it is in another state.</returns>
    ValueTask<bool> RetryAsync(long id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Discards a delivery that is scheduled, ready, failed or parked.</summary>
    /// <returns>False if there is no such delivery or it is in another state.</returns>
    ValueTask<bool> DiscardAsync(long id, DateTimeOffset now, CancellationToken cancellationToken);
}
