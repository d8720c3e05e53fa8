using Carillon.Listeners;

namespace Carillon.EventSourcing.Internal;

/// <summary>What the application has said of projections.</summary>
internal sealed class ProjectionsSetup
{
    private readonly Dictionary<Type, List<Listener>> _listeners = [];

    internal List<ProjectionSetup> All { get; } = [];

    internal void Add(Type projection, Listener listener)
    {
        if (!_listeners.TryGetValue(projection, out var listeners))
        {
            _listeners.Add(projection, listeners = []);
        }

        if (!listeners.Exists(present => present.Id == listener.Id && present.Invoke == listener.Invoke))
        {
            listeners.Add(listener);
        }
    }

    /// <summary>Gives each its methods, and says what does not fit together. Called once, at start.</summary>
    internal void Complete(List<string> problems)
    {
        foreach (var each in All)
        {
            each.Listeners = _listeners.GetValueOrDefault(each.Class) ?? [];
            if (each.Listeners.Count == 0)
            {
                problems.Add(
                    $"The projection '{each.Name}' ({each.Class}) takes no event: it has no method with [OnEvent], or AddListeners() of its assembly was not called.");
            }

            problems.AddRange(each.Listeners.Where(listener => listener.Delivery != Delivery.Inline || listener.MaxAttempts != 0).Select(listener =>
                $"The method '{listener.Id}' of the projection '{each.Name}' says how events are delivered to it ({listener.Delivery}), but a projection takes them from the event store, in "
                + "their order. Take that away from its [OnEvent]; how often is tried is said in AddProjection."));
        }

        foreach (var twice in All.GroupBy(each => each.Name, StringComparer.Ordinal).Where(each => each.Count() > 1))
        {
            problems.Add(
                $"Two projections have the name '{twice.Key}': {string.Join(" and ", twice.Select(each => $"'{each.Class}'"))}. Give each a name of its own, under which is kept how far it has come.");
        }
    }

    /// <summary>Classes that are projections and were not added as such: nothing runs them.</summary>
    internal IEnumerable<Type> FindForgotten() => _listeners.Keys.Where(type => !All.Exists(each => each.Class == type));
}
