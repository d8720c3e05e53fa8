using Carillon.Listeners.Internal;
using Carillon.Names.Internal;
using Carillon.Operations;

namespace Carillon.Hosting.Internal;

/// <summary>Finds durable listeners that no event could ever be stored for: what is stored has a name that leads to a type.</summary>
internal static class DurableNameRule
{
    internal static void Check(CarillonSetup setup, List<string> problems)
    {
        foreach (var listener in setup.DurableListeners)
        {
            if (listener.EventType.IsAssignableTo(typeof(BeforeOperation)))
            {
                problems.Add(
                    $"The listener '{listener.Id}' of '{listener.EventType}' is durable and runs when the operation is over: it could neither change nor refuse it. "
                    + "Make it inline, or listen to what comes after the operation.");
            }
            else if (listener.Pattern is not { } pattern)
            {
                if (listener.EventType == typeof(NamedEvent))
                {
                    problems.Add(
                        $"The durable listener '{listener.Id}' takes every event that is emitted by a name, but only events with a type can be stored. "
                        + "Give it a pattern, [OnEvent(\"user.*\", Delivery.Durable)], by which typed events reach it, or make it inline.");
                }
            }
            else if (NamePattern.Fault(pattern) is null && !setup.AllEventTypes().Any(eventType => ListenerPattern.Takes(listener, eventType)))
            {
                problems.Add(
                    $"The durable listener '{listener.Id}' listens to '{pattern}' as '{listener.EventType}', but no event is known that has such a name and type, so nothing "
                    + $"could be stored for it. {Meant(pattern, setup)}Add the event with AddListeners() or AddEvent<T>(), name it with [Event(\"{(NamePattern.HasWildcard(pattern) ? "entity.action" : pattern)}\")], or make the listener inline.");
            }
        }
    }

    private static string Meant(string pattern, CarillonSetup setup) =>
        NearestIds.Spelled(pattern, setup.AllEventTypes().Select(eventType => eventType.Name)) is { } name ? $"Did you mean '{name}'? " : string.Empty;
}
