using System.Collections.Immutable;
using Carillon.Generators.Models;
using Carillon.Listeners.Internal;
using Carillon.Names.Internal;

namespace Carillon.Generators.Planning;

/// <summary>Puts what was found in order, and finds the events whose listeners can be called by straight-line code.</summary>
internal static class RegistrationPlanner
{
    internal static RegistrationModel Plan(AssemblyModel assembly, ImmutableArray<ListenerModel> found, ImmutableArray<EventModel> declared)
    {
        var listeners = found.Distinct().OrderBy(listener => listener, RegistrationOrder.Instance).ToArray();
        var events = declared
            .Concat(listeners.Select(listener => listener.RegisteredEvent).OfType<EventModel>())
            .GroupBy(each => each.TypeName, StringComparer.Ordinal)
            .Select(same => same.First())
            .OrderBy(each => each.TypeName, StringComparer.Ordinal)
            .ToArray();
        return new RegistrationModel(assembly, listeners.ToEquatableArray(), events.ToEquatableArray(), Plans(listeners, events).ToEquatableArray());
    }

    private static IEnumerable<PlanModel> Plans(ListenerModel[] listeners, EventModel[] events)
    {
        var placesByKey = listeners
            .SelectMany((listener, place) => listener.Accepts.Select(key => (key, place)))
            .ToLookup(pair => pair.key, pair => pair.place, StringComparer.Ordinal);
        var named = listeners.Where(listener => listener.Pattern is not null && !listener.IsOfProjection).ToArray();
        return events.Select(each => (Event: each, Name: (string?)null))
            .Concat(Payloads(named))
            .Where(each => !WantsName(named, each.Name ?? each.Event.Name))
            .Select(each => Plan(each.Event, each.Name, Reached(listeners, placesByKey, each.Event, each.Name)))
            .OfType<PlanModel>();
    }

    // What is emitted by a name that somebody has written down, and is not the event of this name.
    private static IEnumerable<(EventModel Event, string? Name)> Payloads(ListenerModel[] named) =>
        named
            .Where(listener => listener.Event is { } each && each.Name != listener.Pattern && !NamePattern.HasWildcard(listener.Pattern!))
            .Select(listener => (listener.Event!, listener.Pattern))
            .Distinct();

    // Who takes the name as well has it made by the runtime, which knows what the event is called in the end.
    private static bool WantsName(ListenerModel[] named, string name) =>
        named.Any(listener => listener.WantsName && NamePattern.Matches(listener.Pattern!, name));

    private static ListenerModel[] Reached(ListenerModel[] listeners, ILookup<string, int> placesByKey, EventModel each, string? name) =>
        each.TypeKeys
            .SelectMany(key => placesByKey[key])
            .Distinct()
            .Where(place => listeners[place].Pattern is { } pattern ? NamePattern.Matches(pattern, name ?? each.Name) : name is null)
            .OrderByDescending(place => listeners[place].Priority)
            .ThenBy(place => place)
            .Select(place => listeners[place])
            .ToArray();

    private static PlanModel? Plan(EventModel each, string? name, ListenerModel[] reached) =>
        reached.Length > 0
        && (name is not null || !each.IsolatesErrors)
        && reached.All(listener => listener.IsInline && !listener.NeedsContext && !listener.LogsErrors)
        && Order(reached) is { } ordered
            ? new PlanModel(each, ordered.ToEquatableArray(), Called(ordered).ToEquatableArray(), name)
            : null;

    // Null if they contradict each other: the host will not start, and says so.
    private static ListenerModel[]? Order(ListenerModel[] listeners) =>
        listeners.Any(listener => listener.Before.Count > 0 || listener.After.Count > 0)
            ? ListenerOrder.Sort(listeners.Select(listener => new ConstrainedListener(listener.Id, listener.Before, listener.After)).ToArray())
                ?.Select(place => listeners[place]).ToArray()
            : listeners;

    // Behind one that stops the rest nobody is ever called: if it fails, the dispatch ends as well.
    private static IEnumerable<ListenerModel> Called(ListenerModel[] listeners)
    {
        var stop = Array.FindIndex(listeners, listener => listener.StopsPropagation);
        return stop < 0 ? listeners : listeners.Take(stop + 1);
    }
}
