using System.Data;
using System.Data.Common;

namespace Carillon.Tests.Transactions;

internal sealed class TestTransaction(TestConnection connection) : DbTransaction
{
    private bool _hasEnded;

    internal TestWork Work { get; } = new();

    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    public override bool SupportsSavepoints => connection.Of.HasSavepoints;

    protected override DbConnection? DbConnection => _hasEnded ? null : connection;

    internal void Insert(string row) => Work.Add(() => connection.Of.Rows.Add(row));

    public override void Commit()
    {
        CheckOpen();
        if (connection.Of.CommitFault is { } refused && !connection.Of.CommitsAllTheSame)
        {
            throw refused;
        }

        End();
        Work.Apply();
        if (connection.Of.CommitFault is { } lost)
        {
            throw lost;
        }
    }

    public override void Rollback()
    {
        CheckOpen();
        connection.Of.Rollbacks++;
        End();
    }

    public override void Save(string savepointName) => Work.Save(savepointName);

    public override void Rollback(string savepointName) => Work.RollBackTo(savepointName);

    public override void Release(string savepointName) => Work.Release(savepointName);

    protected override void Dispose(bool disposing)
    {
        if (!_hasEnded)
        {
            Rollback();
        }

        base.Dispose(disposing);
    }

    private void End()
    {
        _hasEnded = true;
        connection.Transaction = null;
    }

    private void CheckOpen()
    {
        if (_hasEnded)
        {
            throw new InvalidOperationException("This transaction has completed; it is no longer usable.");
        }
    }
}
