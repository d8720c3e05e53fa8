using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;
using IsolationLevel = System.Data.IsolationLevel;

namespace Carillon.Tests.Transactions;

internal sealed class TestConnection(TestDatabase of) : DbConnection
{
    internal TestDatabase Of => of;

    internal TestTransaction? Transaction { get; set; }

    /// <summary>What it does in the ambient transaction that it is enlisted in.</summary>
    internal TestWork? Enlisted { get; private set; }

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => of.Name;

    public override string DataSource => "";

    public override string ServerVersion => "1";

    public override ConnectionState State => ConnectionState.Open;

    /// <summary>Writes a row: in the transaction that is open, or by itself.</summary>
    internal void Insert(string row)
    {
        if (Transaction is { } transaction)
        {
            transaction.Insert(row);
        }
        else
        {
            of.Rows.Add(row);
        }
    }

    // Once, however often it is asked for, as drivers do.
    public override void EnlistTransaction(Transaction? transaction)
    {
        if (Enlisted is not null)
        {
            return;
        }

        Enlisted = new TestWork();
        transaction!.EnlistVolatile(new OnePhase(Enlisted), EnlistmentOptions.None);
    }

    public override void Open()
    {
    }

    public override void Close()
    {
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => Transaction = new TestTransaction(this);

    protected override DbCommand CreateDbCommand() => throw new NotSupportedException();

    private sealed class OnePhase(TestWork work) : ISinglePhaseNotification
    {
        public void SinglePhaseCommit(SinglePhaseEnlistment singlePhaseEnlistment)
        {
            work.Apply();
            singlePhaseEnlistment.Committed();
        }

        // What it would have to be prepared for two phases for is another participant: a database then needs prepared transactions.
        public void Prepare(PreparingEnlistment preparingEnlistment) => preparingEnlistment.ForceRollback(new NotSupportedException("two phases"));

        public void Commit(Enlistment enlistment) => enlistment.Done();

        public void Rollback(Enlistment enlistment) => enlistment.Done();

        public void InDoubt(Enlistment enlistment) => enlistment.Done();
    }
}
