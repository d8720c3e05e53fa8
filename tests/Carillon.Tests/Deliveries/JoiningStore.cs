using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Tests.Transactions;

namespace Carillon.Tests.Deliveries;

/// <summary>A store that joins transactions, which do at their commit what was asked of them, and can lose their answers.</summary>
internal sealed class JoiningStore(InMemoryDeliveryStore store) : StoreAround(store)
{
    private readonly TaskCompletionSource _settles = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool LosesLease { get; set; }

    internal bool FailsToCommit { get; set; }

    internal bool LosesTheAnswer { get; set; }

    /// <summary>Opens no connection, as often as it says.</summary>
    internal int RefusesToOpen { get; set; }

    internal bool RefusesToBegin { get; set; }

    /// <summary>Its write lock is taken: it neither leases nor extends.</summary>
    internal bool IsBusy { get; set; }

    /// <summary>Taken by a unit of work; null for a store that has none.</summary>
    internal IDisposable? Turn { get; set; }

    /// <summary>Answers instead of the store when leases are extended.</summary>
    internal Func<IReadOnlyList<LeasedDelivery>, ExtendedLeases>? Extends { get; set; }

    /// <summary>What a settlement in a transaction waits for.</summary>
    internal Task MaySettle { get; set; } = Task.CompletedTask;

    /// <summary>Completed when one is asked for.</summary>
    internal Task Settles => _settles.Task;

    internal List<JoinedTransaction> Transactions { get; } = [];

    public override string Description => "deliveries in a database that is none";

    public override bool JoinsTransactions => true;

    public override string? WhyNotIn(DbConnection connection) => null;

    public override ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => new(Turn);

    public override ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        IsBusy ? throw new DeliveryStoreException("The database is locked.") : base.LeaseAsync(request, cancellationToken);

    public override ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        IsBusy ? throw new DeliveryStoreException("The database is locked.")
        : Extends is { } extends ? new(extends(deliveries))
        : base.ExtendAsync(deliveries, until, cancellationToken);

    public override ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        RefusesToOpen-- > 0 ? throw new DeliveryStoreException("There is no connection left.") : new(new JoinedConnection(this));

    public override ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        ((JoinedTransaction)transaction).AtCommit.Add(() => AddAsync(deliveries, CancellationToken.None));
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken)
    {
        _settles.TrySetResult();
        await MaySettle;
        ((JoinedTransaction)transaction).AtCommit.Add(async () => await SettleAsync([settlement], CancellationToken.None));
        return !LosesLease;
    }

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
            if (store.RefusesToBegin)
            {
                throw new DeliveryStoreException("The connection is broken.");
            }

            var transaction = new JoinedTransaction(store, this);
            store.Transactions.Add(transaction);
            return transaction;
        }

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
