using Carillon.Dispatch.Internal;
using Carillon.Listeners;
using Carillon.Transactions.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Refuses durable dispatches that are in the wrong place: outside a unit of work where the application wants one, or beside one that they would wait for in vain.</summary>
/// <param name="isRequired">Whether a durable dispatch outside a unit of work is an error.</param>
/// <param name="store">The store.</param>
internal sealed class UnitOfWorkRule(bool isRequired, StoreSlot store)
{
    internal void Check(PendingWork? work, string eventName, Listener listener, EventDispatcher dispatcher, DeliveryOptions? options)
    {
        // What is written with the outcome of an attempt is committed with it. What arrives is acknowledged when its deliveries are stored: that is its commit.
        if (work is not null || options?.Arrival is not null || dispatcher.FindOutbox(options) is not null)
        {
            return;
        }

        if (options is { OutsideTransaction: true })
        {
            if (dispatcher.UnitOfWork is { HoldsStore: true })
            {
                throw new CarillonException(
                    $"The event '{eventName}' was dispatched outside the transaction, to the durable listener '{listener.Id}', while a unit of work of this scope is open. "
                    + $"The {store.Required.Description} has one writer at a time, and that is this unit of work: the delivery would wait for its end, and it for the delivery. "
                    + "Dispatch before the unit of work begins or after it has ended.");
            }
        }
        else if (isRequired)
        {
            throw new CarillonException(
                $"The event '{eventName}' was dispatched outside a unit of work, but it has the durable listener '{listener.Id}', and RequireUnitOfWork() was said: its "
                + "delivery and the work that it tells of could not be committed together. Begin a unit of work with IUnitOfWorkFactory, or say at the dispatch that it is "
                + "meant: new DeliveryOptions { OutsideTransaction = true }.");
        }
    }
}
