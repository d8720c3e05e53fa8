using Carillon.Deliveries.Internal;
using Carillon.Events;
using Carillon.Inbox;
using Carillon.Names.Internal;
using Carillon.Transports;
using Carillon.Transports.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What can be wrong with events that leave and arrive.</summary>
internal sealed class TransportRules(CarillonSetup setup, TransportSetup transports, IServiceProvider services)
{
    internal void Check(List<string> problems)
    {
        // Reading it runs its rules, which throw with every fault named.
        _ = services.GetRequiredService<IOptions<TransportOptions>>().Value;
        foreach (var pattern in transports.Patterns)
        {
            if (NamePattern.Fault(pattern) is { } fault)
            {
                problems.Add($"Publish(\"{pattern}\") has a pattern that is none: {fault}.");
                return;
            }
        }

        var transport = services.GetRequiredService<TransportSlot>().Optional;
        var store = services.GetRequiredService<StoreSlot>().Optional;
        var leaving = setup.AllEventTypes().Where(eventType => transports.FindPublisher(eventType) is not null).ToList();
        if (transport is null)
        {
            problems.Add($"{Who(leaving)}, but there is no transport. Choose one in AddCarillon: UseInMemoryTransport(new InMemoryTransport()) for development, or that of a package.");
        }

        // Events of a library that is shared say that they leave to those too who only receive them.
        if (store is null && leaving.Find(eventType => !transports.Receives(eventType.Name)) is { } homeless)
        {
            problems.Add(
                $"The event '{homeless.Name}' ({homeless.Type}) leaves the application, but there is no delivery store, in which it waits until the transport has it. "
                + "Choose one in AddCarillon: UseSqlite(\"Data Source=app.db\"), or UseInMemory() for development.");
        }

        CheckNeeds(leaving, transport, problems);
        foreach (var (pattern, options) in transports.Subscriptions)
        {
            problems.AddRange(SubscriptionFaults.Find(pattern, options, transport, store is IInboxStore));
        }

        CheckKeys(problems);
    }

    private string Who(List<EventType> leaving) =>
        leaving.Count > 0 ? $"The event '{leaving[0].Name}' ({leaving[0].Type}) leaves the application"
        : transports.Subscriptions.Count > 0 ? $"The application subscribes to '{transports.Subscriptions[0].Pattern}'"
        : "Something was said of events that leave or arrive";

    private static void CheckNeeds(List<EventType> leaving, ITransport? transport, List<string> problems)
    {
        if (transport is not null && !transport.Features.HasFlag(TransportFeatures.TellsUnrouted) && leaving.Find(eventType => eventType.NeedsSubscriber) is { } needy)
        {
            problems.Add($"The event '{needy.Name}' ({needy.Type}) needs a subscriber, but the {transport.Description} does not tell whether there is one. Take NeedsSubscriber away, or choose another transport.");
        }
    }

    // The patterns of a key are those of whoever subscribed last: the first of two would get nothing.
    private void CheckKeys(List<string> problems)
    {
        foreach (var twice in transports.Subscriptions.Where(each => each.Options.Key is not null).GroupBy(each => each.Options.Key).Where(each => each.Count() > 1))
        {
            problems.Add(
                $"Two subscriptions have the key '{twice.Key}': to {string.Join(" and to ", twice.Select(each => $"'{each.Pattern}'"))}. Give each a key of its own.");
        }
    }
}
