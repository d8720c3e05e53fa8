using Carillon.Events;
using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>The listeners that are alone with their event and need no container, as most do: a manifest has all of them.</summary>
internal sealed class LoneListeners
{
    private readonly Dictionary<string, int> _planById = new(StringComparer.Ordinal);
    private readonly HashSet<string> _events = new(StringComparer.Ordinal);
    private readonly HashSet<int> _plans = [];

    private LoneListeners()
    {
    }

    internal bool IsEmpty => _plans.Count == 0;

    internal static LoneListeners Find(RegistrationModel model)
    {
        var found = new LoneListeners();
        // Two assemblies may have a type of one name.
        var types = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < model.Plans.Count; number++)
        {
            var plan = model.Plans[number];
            if (plan.Listeners.Count == 1 && IsLone(plan.Event, plan.Listeners[0]) && !found._planById.ContainsKey(plan.Listeners[0].Id) && types.Add(plan.Event.ReflectionName!))
            {
                found._planById.Add(plan.Listeners[0].Id, number);
                found._events.Add(plan.Event.TypeName);
                found._plans.Add(number);
            }
        }

        return found;
    }

    internal bool HasEvent(EventModel each) => _events.Contains(each.TypeName);

    internal bool HasPlan(int number) => _plans.Contains(number);

    internal int? PlanOf(ListenerModel listener) => _planById.TryGetValue(listener.Id, out var number) ? number : null;

    // A name that is wrong is registered like any other listener's, so that the start says so.
    private static bool IsLone(EventModel each, ListenerModel listener) =>
        each.ReflectionName is not null
        && EventName.Fault(each.Name) is null
        && each.FormerNames.Count == 0
        && !each.Leaves
        && !each.NeedsSubscriber
        && listener.EventTypeName == each.TypeName
        && listener.Id.IndexOfAny(ManifestWriter.Separators) < 0
        && !listener.IsService
        && RegistrationWriter.IsPlain(listener);
}
