using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>The listeners that are alone in their class and alone with their event, as most are: one call registers all of it.</summary>
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
        var inClass = model.Listeners.GroupBy(listener => listener.ClassName).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        for (var number = 0; number < model.Plans.Count; number++)
        {
            var plan = model.Plans[number];
            if (plan.Listeners.Count == 1
                && plan.Listeners[0] is var listener
                && listener.EventTypeName == plan.Event.TypeName
                && RegistrationWriter.IsPlain(listener)
                && inClass[listener.ClassName] == 1
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

    internal bool HasClass(ListenerModel listener) => _planById.ContainsKey(listener.Id);

    internal bool HasPlan(int number) => _plans.Contains(number);

    internal int? PlanOf(ListenerModel listener) => _planById.TryGetValue(listener.Id, out var number) ? number : null;

    internal bool IsEmpty => _plans.Count == 0;
}
