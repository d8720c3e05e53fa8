using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;

namespace Carillon.Tests.Deliveries;

/// <summary>A store that joins transactions, which do at their commit what was asked of them, and can lose their answers.</summary>
internal sealed class JoiningStore(InMemoryDeliveryStore store) : IDeliveryStore
{
    internal bool LosesLease { get; set; }

    internal bool FailsToCommit { get; set; }

    internal bool LosesTheAnswer { get; set; }

    internal List<JoinedTransaction> Transactions { get; } = [];

    public string Description => "deliveries in a database that is none";

    public bool JoinsTransactions => true;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public string? WhyNotIn(DbConnection connection) => null;

    public ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) => new(new JoinedConnection(this));

    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) => store.AddAsync(deliveries, cancellationToken);

    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        ((JoinedTransaction)transaction).AtCommit.Add(() => store.AddAsync(deliveries, CancellationToken.None));
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken)
    {
        ((JoinedTransaction)transaction).AtCommit.Add(async () => await store.SettleAsync([settlement], CancellationToken.None));
        return new(!LosesLease);
    }

    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) => store.LeaseAsync(request, cancellationToken);

    public ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.ExtendAsync(deliveries, until, cancellationToken);

    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken) =>
        store.SettleAsync(settlements, cancellationToken);

    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) => store.GetNextDueAsync(after, cancellationToken);

    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken) => store.SweepAsync(request, cancellationToken);

    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.CountAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ListAsync(query, now, cancellationToken);

    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) => store.FindAsync(id, now, cancellationToken);

    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) => store.RetryAsync(ids, now, cancellationToken);

    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        store.DiscardAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        store.CancelAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.RescheduleAsync(id, dueAt, now, cancellationToken);

    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.ListQueuesAsync(now, cancellationToken);

    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) => store.PauseAsync(queue, now, cancellationToken);

    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) => store.ResumeAsync(queue, cancellationToken);

    internal sealed class JoinedTransaction(JoiningStore store, DbConnection connection) : DbTransaction
    {
        internal List<Func<ValueTask>> AtCommit { get; } = [];

        internal bool IsCommitted { get; private set; }

        internal bool IsRolledBack { get; private set; }

        public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

        protected override DbConnection? DbConnection => IsCommitted || IsRolledBack ? null : connection;

        public override void Commit() => throw new NotSupportedException();

        public override async Task CommitAsync(CancellationToken cancellationToken = default)
        {
            if (store.FailsToCommit)
            {
                throw new DeliveryStoreException("The commit was refused.");
            }

            foreach (var act in AtCommit)
            {
                await act();
            }

            IsCommitted = true;
            if (store.LosesTheAnswer)
            {
                throw new DeliveryStoreException("The connection was lost while the commit was on its way.");
            }
        }

        public override void Rollback() => IsRolledBack = true;

        protected override void Dispose(bool disposing)
        {
            IsRolledBack |= !IsCommitted;
            base.Dispose(disposing);
        }
    }

    private sealed class JoinedConnection(JoiningStore store) : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close()
        {
        }

        public override void Open()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            var transaction = new JoinedTransaction(store, this);
            store.Transactions.Add(transaction);
            return transaction;
        }

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
