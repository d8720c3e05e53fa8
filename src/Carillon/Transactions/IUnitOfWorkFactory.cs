using System.Data.Common;

namespace Carillon.Transactions;

/// <summary>Ties the durable listeners of what a scope dispatches to a database transaction: they run if it commits, and only then.</summary>
/// <remarks>
/// ADO.NET has no hook for a commit, so the application says where its transaction begins and how it ends. Scoped: the unit of work belongs to
/// everything that is dispatched in the same scope until it ends. Not thread-safe.
/// </remarks>
public interface IUnitOfWorkFactory
{
    /// <summary>The transaction of the unit of work that was begun or joined in this scope and is open; null if there is none.</summary>
    DbTransaction? Transaction { get; }

    /// <summary>Begins a transaction on the connection. Commit it through the unit of work.</summary>
    /// <param name="connection">An open connection to the database in which deliveries are stored.</param>
    /// <param name="cancellationToken">Gives up waiting for the transaction to begin.</param>
    /// <exception cref="InvalidOperationException">The scope has an open unit of work already.</exception>
    /// <exception cref="CarillonException">Deliveries cannot be stored in transactions of this connection.</exception>
    ValueTask<UnitOfWork> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Joins a transaction that the application has begun and will end itself: report the outcome when it has.</summary>
    /// <param name="transaction">The open transaction.</param>
    /// <exception cref="InvalidOperationException">The scope has an open unit of work already.</exception>
    /// <exception cref="CarillonException">Deliveries cannot be stored in this transaction.</exception>
    JoinedUnitOfWork Join(DbTransaction transaction);

    /// <summary>
    /// Names the application's connection in the ambient transaction (<c>TransactionScope</c>): the deliveries that belong to it are written on that one, so that it stays the only
    /// one and no database has to prepare in two phases. It may be closed by then. The first one that is named counts.
    /// </summary>
    /// <param name="connection">A connection to the database in which deliveries are stored. One that is open is enlisted, unless it is.</param>
    /// <exception cref="InvalidOperationException">There is no ambient transaction.</exception>
    /// <exception cref="CarillonException">Deliveries cannot be stored on this connection, or the store takes no part in ambient transactions.</exception>
    /// <remarks>Needless with EF Core, whose contexts name theirs, and for a connection that is closed before the scope ends and has the connection string or data source of the store.</remarks>
    void Enlist(DbConnection connection);

    /// <summary>
    /// Opens a unit of work whose commit is announced, by a package that hears of transactions: it is told of each step. Unlike the others it may be opened while another
    /// unit of work of the scope is open, and before its transaction has begun.
    /// </summary>
    FollowedUnitOfWork Follow();
}
