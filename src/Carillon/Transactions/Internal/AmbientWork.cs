using System.Data;
using System.Data.Common;
using System.Transactions;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Transactions.Internal;

/// <summary>The ambient transactions in which something was dispatched, each with what waits for its end.</summary>
internal sealed class AmbientWork(StoreSlot store, WorkDeliveries deliveries)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PendingWork> _open = new(StringComparer.Ordinal);

    /// <summary>What waits for the end of the ambient transaction; null if there is none, or it was suppressed.</summary>
    internal static PendingWork? Find(IServiceProvider services) =>
        Transaction.Current is { } current && services.GetService<AmbientWork>() is { } ambient ? ambient.Of(current) : null;

    /// <summary>Where something was written in the ambient transaction that is not committed yet; null if nothing was, or there is none.</summary>
    internal static AmbientWriting? FindWritten(IServiceProvider services) =>
        Transaction.Current is { } current && services.GetService<AmbientWork>()?.FindPresent(current) is { Ambient: { HasWritten: true } ambient } ? ambient : null;

    /// <summary>Names the connection on which deliveries of the ambient transaction are written; the first one stays.</summary>
    internal void Enlist(DbConnection connection)
    {
        if (Transaction.Current is not { } current || Of(current) is not { } pending)
        {
            throw new InvalidOperationException(
                "There is no ambient transaction to which this connection could belong. Call Enlist inside the TransactionScope (with TransactionScopeAsyncFlowOption.Enabled, if behind an await); "
                + "for a transaction of the connection there are BeginAsync and Join.");
        }

        if (store.Optional is { JoinsTransactions: true } present)
        {
            var reason = present.JoinsAmbientTransactions ? present.WhyNotEnlisted(connection) : $"the {present.Description} can take no part in one";
            if (reason is not null)
            {
                throw new CarillonException($"Deliveries cannot be written on this connection in an ambient transaction, so they could be lost or run without it: {reason}.");
            }
        }

        if (connection.State == ConnectionState.Open)
        {
            connection.EnlistTransaction(current);
        }

        pending.Enlisted ??= new EnlistedConnection(connection);
    }

    private PendingWork? Of(Transaction transaction)
    {
        if (transaction.TransactionInformation.Status == TransactionStatus.Committed)
        {
            return null;
        }

        var id = transaction.TransactionInformation.LocalIdentifier;
        lock (_gate)
        {
            if (_open.TryGetValue(id, out var present))
            {
                return present;
            }

            var pending = new PendingWork { Admit = Admit };
            pending.Ambient = new AmbientWriting(transaction, pending);
            // Throws if the transaction was aborted meanwhile: nothing can belong to it then.
            new AmbientTransaction(transaction, pending, deliveries, () => Forget(id)).Enlist();
            _open.Add(id, pending);
            return pending;
        }
    }

    private PendingWork? FindPresent(Transaction transaction)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(transaction.TransactionInformation.LocalIdentifier);
        }
    }

    private void Forget(string id)
    {
        lock (_gate)
        {
            _open.Remove(id);
        }
    }

    private void Admit(NewDelivery delivery)
    {
        if (store.Required is { JoinsTransactions: true, JoinsAmbientTransactions: false } alone)
        {
            throw new CarillonException(
                $"The event '{delivery.Envelope.EventName}' was dispatched inside an ambient transaction (TransactionScope), but the {alone.Description} can take no part in one: the "
                + $"delivery for '{delivery.ListenerId}' and the transaction could not be committed together. Use a unit of work, IUnitOfWorkFactory.BeginAsync, instead of the "
                + "TransactionScope; or dispatch in a scope with TransactionScopeOption.Suppress, or with OutsideTransaction, if the delivery may stand alone.");
        }
    }
}
