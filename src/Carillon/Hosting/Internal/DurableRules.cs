using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Inbox;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Retries;
using Carillon.Transports.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What durable listeners want of the store and of the options, and what the options say of listeners.</summary>
internal sealed class DurableRules(CarillonSetup setup, IDeliveryStore store, IServiceProvider services)
{
    internal void Check(List<string> problems)
    {
        var retries = services.GetRequiredService<IOptions<RetryOptions>>().Value;
        var inbox = services.GetRequiredService<IOptions<InboxOptions>>().Value;
        var inHand = services.GetRequiredService<DeliveriesInHand>();
        foreach (var listener in setup.DurableListeners)
        {
            CheckStore(listener, listener.Remember ?? inbox.Remember, problems);
            CheckTime(listener, retries.Timeout, inHand.SettingsOf(listener.Queue ?? Queues.Default).LeaseDuration, problems);
        }

        var ids = setup.DurableListeners.Select(listener => listener.Id).ToHashSet(StringComparer.Ordinal);
        if (setup.Transports is not null)
        {
            ids.Add(Publisher.ListenerId);
        }

        foreach (var id in retries.Listeners.Keys.Where(id => !ids.Contains(id)))
        {
            problems.Add($"RetryOptions.ForListener names '{id}', but no durable listener has this id. {ListenerConstraints.Suggest(id, ids)}");
        }
    }

    private void CheckStore(Listener listener, TimeSpan? remember, List<string> problems)
    {
        if (listener is { Transactional: true, KeepsItself: false } && !store.JoinsTransactions)
        {
            problems.Add(
                $"The listener '{listener.Id}' of '{listener.EventType}' is transactional, but the {store.Description} take part in no transaction. "
                + "Keep deliveries in the database that it writes to (UseSqlite, UsePostgres), or take Transactional away.");
        }

        if (!listener.Transactional && remember is not null && store is not IInboxStore)
        {
            problems.Add(
                $"The listener '{listener.Id}' of '{listener.EventType}' remembers events, but the {store.Description} have no inbox. "
                + "Choose a store that has one, or take RememberSeconds and UseInbox away.");
        }
    }

    // Leases are extended while a listener runs. But a process that was suspended, or cannot reach its store, extends nothing: what runs longer than a lease may by then
    // run beside itself, and a time-out is a promise that it does not.
    private static void CheckTime(Listener listener, TimeSpan? timeout, TimeSpan lease, List<string> problems)
    {
        if ((listener.Timeout ?? timeout) is { } longest && longest > lease)
        {
            problems.Add(
                $"The listener '{listener.Id}' of '{listener.EventType}' has a time-out of {longest}, but the leases of its queue '{listener.Queue ?? Queues.Default}' end after {lease}: "
                + "another worker could run the delivery while this one still may. Make the time-out shorter, or the leases of the queue longer: "
                + $"ConfigureQueue(\"{listener.Queue ?? Queues.Default}\", queue => queue.LeaseDuration = ...).");
        }
    }
}
