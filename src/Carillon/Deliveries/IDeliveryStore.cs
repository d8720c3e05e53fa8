using System.Data.Common;
using System.Transactions;

namespace Carillon.Deliveries;

/// <summary>Where deliveries live: the port between the engine and a database.</summary>
/// <remarks>
/// <para>
/// Every method is one transaction: it has happened completely when it returns, or not at all when it throws. That holds for a call that is
/// cancelled too: it throws as long as nothing has begun, and is carried out and returns otherwise. Only <see cref="SweepAsync"/> may remove in
/// several transactions what is much.
/// </para>
/// <para>
/// Shipped implementations: in memory (for tests and development; gone with the process), SQLite (embedded, the application's own file) and PostgreSQL.
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
    /// <returns>
    /// Disposed when the transaction has ended; null if the store's own writes do not wait for that. A store never relies on it: it only makes waiting short. But while a transactional listener has one,
    /// leases that cannot be extended are not taken for lost: nobody else can write to the store either.
    /// </returns>
    ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Opens a connection on which the engine begins the transaction of a transactional listener: to the database in which deliveries are, as the application
    /// would open it.
    /// </summary>
    /// <exception cref="DeliveryStoreException">The database cannot be reached.</exception>
    /// <exception cref="NotSupportedException">The default: the store joins no transactions.</exception>
    ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The {Description} cannot take part in a transaction: transactional listeners want a store in a database.");

    /// <summary>Writes deliveries in a transaction of the store's own and sets their ids.</summary>
    /// <remarks>
    /// A delivery whose <see cref="NewDelivery.Unique"/> is taken is not written: its <see cref="NewDelivery.IsDuplicate"/> is set, and its id is that of the
    /// one that is there.
    /// </remarks>
    /// <exception cref="DeliveryStoreException">They were not written.</exception>
    ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Writes deliveries in the application's transaction and sets their ids. They exist once the application has committed.</summary>
    /// <remarks>
    /// One that is unique until it starts and is left out for one that waits is heard all the same: the one that waits is leased when the transaction has ended, and not before. Nobody who settles
    /// or extends waits for the transaction.
    /// </remarks>
    /// <exception cref="DeliveryStoreException">They were not written; the transaction should be rolled back.</exception>
    /// <exception cref="NotSupportedException">The store joins no transactions.</exception>
    ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the deliveries of a unit of work in the application's transaction, sets their ids and commits the transaction: the last that is done in it. By default one after
    /// the other; a store that can does both in one round trip, or writes down together with them what else is waiting to be written.
    /// </summary>
    /// <param name="transaction">The application's transaction. Whoever calls disposes of it.</param>
    /// <param name="deliveries">What is to be there with the commit; one at least.</param>
    /// <param name="cancellationToken">Gives up as long as the commit has not been sent.</param>
    /// <exception cref="DeliveryStoreException">They were not written, and nothing is committed; the transaction should be rolled back.</exception>
    /// <exception cref="NotSupportedException">The store joins no transactions.</exception>
    /// <remarks>Whatever else it throws is what the driver said of the commit, unchanged: if the transaction cannot be rolled back then, nobody here knows whether it is committed.</remarks>
    async ValueTask CommitAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        await AddAsync(transaction, deliveries, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether <see cref="CommitAsync"/> can tell the turn of a delivery with an ordered key. It may be given such ones with a <see cref="NewDelivery.Lease"/> then: one whose key is
    /// free is written as leased, of each key one at most; any other is written for whoever comes when its turn does, and its lease is taken back (set to null). Defaults to false.
    /// </summary>
    bool LeasesInTurn => false;

    /// <summary>
    /// Whether deliveries can be written in an ambient transaction (<c>System.Transactions</c>). Defaults to false: a dispatch with durable listeners inside one is refused
    /// then, if the store joins transactions at all.
    /// </summary>
    bool JoinsAmbientTransactions => false;

    /// <summary>
    /// Says why deliveries cannot be written on this connection in an ambient transaction (another database, another provider); null if they can. By default as
    /// <see cref="WhyNotIn"/>.
    /// </summary>
    string? WhyNotEnlisted(DbConnection connection) => WhyNotIn(connection);

    /// <summary>
    /// Opens a connection that is enlisted in the ambient transaction (<see cref="System.Transactions.Transaction.Current"/>): if the application has closed one in it, that
    /// one again, where the driver keeps it. By default it is one of <see cref="OpenConnectionAsync"/>, enlisted.
    /// </summary>
    /// <exception cref="DeliveryStoreException">The database cannot be reached.</exception>
    async ValueTask<DbConnection> OpenEnlistedAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        connection.EnlistTransaction(Transaction.Current);
        return connection;
    }

    /// <summary>
    /// Writes deliveries on a connection that is enlisted in an ambient transaction, and sets their ids. They exist once that one is committed. No other method
    /// takes part in an ambient transaction, even if there is one.
    /// </summary>
    /// <exception cref="DeliveryStoreException">They were not written; the transaction is rolled back.</exception>
    /// <exception cref="NotSupportedException">The default: the store joins no ambient transactions.</exception>
    ValueTask AddEnlistedAsync(DbConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The {Description} cannot take part in an ambient transaction.");

    /// <summary>
    /// Called after deliveries were committed that this process does not run itself: a store that can wakes other processes. Never blocks; many calls may
    /// become one. By default nobody is woken, and others find the deliveries when they poll.
    /// </summary>
    void Announce()
    {
    }

    /// <summary>Has this process told when another one has written something. By default nobody is told, and the worker polls.</summary>
    /// <param name="wake">Called, on any thread, when deliveries may wait; never blocks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Ends it when disposed; null if the store cannot tell.</returns>
    ValueTask<IAsyncDisposable?> ListenAsync(Action wake, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Leases deliveries of one queue that are due: ready and scheduled ones, and those whose lease has ended. Those of the highest priority come first, among
    /// them those due first, then those written first. Raises the attempt and the token of each. A queue that is paused has none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A delivery with a <see cref="NewDelivery.Key"/> is left out while as many of its listener and key are leased as may be. An ordered one is left out
    /// while one written before it is not settled (scheduled, ready, leased, parked for want of its name, or failed and not skipped): it is parked with
    /// <see cref="DeliverySnapshot.Behind"/> and made ready when the one before is settled, discarded, cancelled or swept, in the same transaction.
    /// </para>
    /// <para>
    /// Parking changes nothing about who is next: what is made ready has the due time that it had, of those that wait for a limit the first by priority, due
    /// time and id goes first, and nothing stays parked that nothing blocks any more.
    /// </para>
    /// <para>One that is unique until it has started is no longer unique from here on.</para>
    /// </remarks>
    ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Extends leases.</summary>
    ValueTask<ExtendedLeases> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Settles deliveries, each only if its token is still the latest and it is still leased: a delivery is settled once for each token.</summary>
    /// <remarks>
    /// One that was unique until it started and is to come again (retry, snoozed, released, parked) is unique again; if it meets a newer one with its key, it is
    /// discarded instead, with <see cref="Settlement.SupersededReason"/>. If an open transaction of the application has written one with its key, nobody is to wait for its end: the store may leave the
    /// delivery as it is and set <see cref="Settlement.IsDeferred"/>. One whose cancelling was requested is cancelled instead, unless it is completed or discarded.
    /// </remarks>
    /// <returns>Those whose lease was lost; they were left as they are.</returns>
    ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken);

    /// <summary>Settles a delivery in the listener's transaction: it is settled if that one commits, and only then.</summary>
    /// <returns>Whether the lease is still the worker's; if not, the transaction is to be rolled back.</returns>
    /// <exception cref="NotSupportedException">The default: the store joins no transactions.</exception>
    ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The {Description} cannot take part in a transaction: transactional listeners want a store in a database.");

    /// <summary>When the next delivery is due or the next lease ends after the given time (UTC), in any queue; null if none is.</summary>
    ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken);

    /// <summary>Makes parked deliveries ready whose event and listener are both known, and removes what need not be kept any longer.</summary>
    /// <returns>How many became ready.</returns>
    ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken);

    /// <summary>How many deliveries are in each state at <paramref name="now"/>: one that is scheduled and due counts as ready.</summary>
    ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One page of deliveries; one that is scheduled and due at <paramref name="now"/> shows as ready.</summary>
    ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One delivery with its event and the attempts that failed; null if there is none with this id.</summary>
    ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes completed, failed, parked, discarded and cancelled deliveries ready at <paramref name="now"/>, without attempts and without error; the attempts that failed stay listed.</summary>
    /// <remarks>
    /// An ordered one takes its old place: it is parked again at the next lease if one before it is not settled. One that was unique until it started or was done is
    /// unique again; if a newer one has its key, it is left as it is.
    /// </remarks>
    /// <returns>How many became ready; those in other states are left as they are.</returns>
    ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Discards deliveries that are scheduled, ready, failed or parked.</summary>
    /// <param name="ids">Which.</param>
    /// <param name="now">The time (UTC).</param>
    /// <param name="keepUntil">Until when they are kept (UTC); null for as long as nobody does something about them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were discarded; those in other states are left as they are.</returns>
    ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken);

    /// <summary>Cancels deliveries: at once those that are scheduled, ready, failed or parked, by request those that are leased.</summary>
    /// <param name="ids">Which.</param>
    /// <param name="now">The time (UTC).</param>
    /// <param name="keepUntil">Until when they are kept (UTC); null for as long as nobody does something about them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of each, in the order of the ids.</returns>
    ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken);

    /// <summary>Moves the time at which a scheduled or ready delivery is due.</summary>
    /// <returns>False if there is no such delivery or it is in another state.</returns>
    ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// The queues that have deliveries waiting (also for their time) or leased, or are paused, by name. Asked for by every worker at every sweep and by whoever collects measures: counts no more
    /// than <see cref="QueueSnapshot.MaxCounted"/> of each.
    /// </summary>
    ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The names of the queues that are paused: asked for by every worker at every poll, so that what is paused elsewhere is handed over no longer.</summary>
    /// <remarks>By default taken from all queues, whose deliveries are counted for nothing; a store in a database reads the names alone.</remarks>
    async ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken) =>
    [
        .. (await ListQueuesAsync(DateTimeOffset.MinValue, cancellationToken).ConfigureAwait(false))
            .Where(queue => queue.PausedAt is not null)
            .Select(queue => queue.Name),
    ];

    /// <summary>Pauses a queue: nothing of it is leased any more, in any process, until it is resumed; what runs goes on. The pause outlives all processes.</summary>
    /// <returns>False if it was paused already.</returns>
    ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Resumes a queue.</summary>
    /// <returns>False if it was not paused.</returns>
    ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken);
}
