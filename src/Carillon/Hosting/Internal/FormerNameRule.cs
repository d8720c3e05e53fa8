using Carillon.Events;

namespace Carillon.Hosting.Internal;

/// <summary>Finds former names that could mean two events: what is stored under a name has to lead to one type.</summary>
internal static class FormerNameRule
{
    internal static void Check(CarillonSetup setup, List<string> problems)
    {
        var all = setup.AllEventTypes().ToList();
        var owners = all.DistinctBy(eventType => eventType.Name).ToDictionary(eventType => eventType.Name);
        foreach (var eventType in all)
        {
            foreach (var name in eventType.FormerNames.Distinct())
            {
                if (EventName.Fault(name) is { } fault)
                {
                    problems.Add($"The event '{eventType.Name}' ({eventType.Type}) has the former name '{name}', but {fault}. Say the name exactly as it was.");
                }
                else if (!owners.TryAdd(name, eventType) && owners[name] is var owner && owner.Type != eventType.Type)
                {
                    problems.Add(
                        $"The event '{eventType.Name}' ({eventType.Type}) has the former name '{name}', which {(owner.Name == name ? "is the name" : "is a former name too")} of "
                        + $"'{owner.Type}': what is stored under it could be either. Leave it out of one of them.");
                }
            }
        }
    }
}
