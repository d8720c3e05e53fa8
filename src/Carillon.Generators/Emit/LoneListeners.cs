using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>The listeners that are alone with their event and need no container, as most do: one call registers all of it.</summary>
internal sealed class LoneListeners
{
    private readonly Dictionary<string, int> _planById = new(StringComparer.Ordinal);
    private readonly HashSet<string> _events = new(StringComparer.Ordinal);
    private readonly HashSet<int> _plans = [];

    private LoneListeners()
    {
    }

    internal static LoneListeners Find(RegistrationModel model)
    {
        var found = new LoneListeners();
        for (var number = 0; number < model.Plans.Count; number++)
        {
            var plan = model.Plans[number];
            if (plan.Listeners.Count == 1
                && plan.Listeners[0] is var listener
                && listener.EventTypeName == plan.Event.TypeName
                && !listener.IsService
                && RegistrationWriter.IsPlain(listener)
                && RegistrationWriter.IsPlain(plan.Event)
                && !found._planById.ContainsKey(listener.Id))
            {
                found._planById.Add(listener.Id, number);
                found._events.Add(plan.Event.TypeName);
                found._plans.Add(number);
            }
        }

        return found;
    }

    internal bool HasEvent(EventModel each) => _events.Contains(each.TypeName);

    internal bool HasPlan(int number) => _plans.Contains(number);

    internal int? PlanOf(ListenerModel listener) => _planById.TryGetValue(listener.Id, out var number) ? number : null;

    internal bool IsEmpty => _plans.Count == 0;
}
