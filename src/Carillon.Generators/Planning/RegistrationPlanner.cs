using System.Collections.Immutable;
using Carillon.Generators.Models;
using Carillon.Listeners.Internal;

namespace Carillon.Generators.Planning;

/// <summary>Puts what was found in order, and finds the events whose listeners can be called by straight-line code.</summary>
internal static class RegistrationPlanner
{
    internal static RegistrationModel Plan(AssemblyModel assembly, ImmutableArray<ListenerModel> found, ImmutableArray<EventModel> declared)
    {
        var listeners = found.Distinct().OrderBy(listener => listener, RegistrationOrder.Instance).ToArray();
        var events = declared
            .Concat(listeners.Select(listener => listener.Event).OfType<EventModel>())
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
        foreach (var each in events)
        {
            var reached = each.TypeKeys
                .SelectMany(key => placesByKey[key])
                .Distinct()
                .OrderByDescending(place => listeners[place].Priority)
                .ThenBy(place => place)
                .Select(place => listeners[place])
                .ToArray();
            if (reached.Length > 0
                && !each.IsolatesErrors
                && reached.All(listener => !listener.IsDurable && !listener.NeedsContext && !listener.LogsErrors)
                && Order(reached) is { } ordered)
            {
                yield return new PlanModel(each, ordered.ToEquatableArray(), Called(ordered).ToEquatableArray());
            }
        }
    }

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
