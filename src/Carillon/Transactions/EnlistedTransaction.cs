using System.Data;
using System.Data.Common;

namespace Carillon.Transactions;

/// <summary>
/// Stands for an ambient transaction (<c>System.Transactions</c>) where the port of a store takes the application's transaction: it has the connection that is enlisted in it, and cannot be
/// ended by it.
/// </summary>
/// <threadsafety>Not safe for concurrent use, as its connection is not.</threadsafety>
public sealed class EnlistedTransaction : DbTransaction
{
    /// <summary>Stands for the ambient transaction in which a connection takes part.</summary>
    /// <param name="connection">The open connection, enlisted already.</param>
    public EnlistedTransaction(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        DbConnection = connection;
    }

    /// <summary>Unspecified: what surrounds the caller has said it.</summary>
    public override IsolationLevel IsolationLevel => IsolationLevel.Unspecified;

    /// <inheritdoc/>
    protected override DbConnection DbConnection { get; }

    /// <summary>Throws: whoever has begun the ambient transaction ends it.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Commit() => throw Ended();

    /// <summary>Throws: whoever has begun the ambient transaction ends it.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Rollback() => throw Ended();

    private static NotSupportedException Ended() => new("An ambient transaction is ended by its TransactionScope, not by a connection that takes part in it.");
}
