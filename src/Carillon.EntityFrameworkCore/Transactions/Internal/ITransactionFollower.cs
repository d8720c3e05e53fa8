namespace Carillon.EntityFrameworkCore.Transactions.Internal;

/// <summary>Is told what becomes of a transaction.</summary>
internal interface ITransactionFollower
{
    /// <summary>Just before the commit is sent. What it throws prevents it.</summary>
    ValueTask CommittingAsync(CancellationToken cancellationToken);

    ValueTask CommittedAsync();

    /// <summary>The commit threw: it may have happened.</summary>
    void CommitFailed();

    /// <summary>Whether the transaction is rolled back if <see cref="CommittingAsync"/> throws: nobody may commit it later without what failed.</summary>
    bool RollsBack { get; }

    ValueTask RolledBackAsync();

    /// <summary>After the end whatever it was; without one of the others it was disposed of and rolled back.</summary>
    ValueTask DisposedAsync();

    void Saved(string name);

    void RolledBackTo(string name);

    void Released(string name);
}
