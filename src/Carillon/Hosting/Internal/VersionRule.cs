using Carillon.Envelopes.Internal;
using Carillon.Events;

namespace Carillon.Hosting.Internal;

/// <summary>Finds versions that nothing leads on from, and steps that lead nowhere.</summary>
internal sealed class VersionRule(CarillonSetup setup, IReadOnlyCollection<UpcastStep> steps, Upcasting upcasting)
{
    /// <param name="durable">The events that durable listeners take.</param>
    /// <param name="problems">What was found.</param>
    internal void Check(IEnumerable<EventType> durable, List<string> problems)
    {
        foreach (var step in steps)
        {
            CheckStep(step, problems);
        }

        foreach (var same in steps.GroupBy(static step => (step.EventType, step.FromVersion)).Where(static same => same.Count() > 1))
        {
            problems.Add(
                $"Several upcasters take '{same.Key.EventType}' from version {same.Key.FromVersion} to {same.Key.FromVersion + 1}: {string.Join(" and ", same.Select(static step => step.Name))}. Keep one of them.");
        }

        var taken = steps.Select(static step => (step.EventType, step.FromVersion)).ToHashSet();
        foreach (var eventType in durable)
        {
            var missing = Enumerable.Range(1, Math.Max(0, eventType.Version - 1)).Where(version => !taken.Contains((eventType.Type, version))).ToList();
            if (missing.Count > 0)
            {
                problems.Add(
                    $"The event '{eventType.Name}' ({eventType.Type}) has the version {eventType.Version}, but no upcaster takes stored ones {string.Join(", ", missing.Select(static version => $"from version {version} to {version + 1}"))}. "
                    + $"Add AddUpcaster<{eventType.Type.Name}>(fromVersion: {missing[0]}, json => ...); if that version can be read as it is, or nothing was ever stored of it, json => json is enough.");
            }
        }
    }

    private void CheckStep(UpcastStep step, List<string> problems)
    {
        if (!setup.EventTypes.TryGetValue(step.EventType, out var eventType))
        {
            problems.Add($"The upcaster {step.Name} is for '{step.EventType}', but no event is of exactly this type. Add one for each of the types that are stored.");
        }
        else if (step.FromVersion < 1 || step.FromVersion >= eventType.Version)
        {
            problems.Add(
                $"The upcaster {step.Name} takes '{eventType.Name}' from version {step.FromVersion}, but its versions are 1 to {eventType.Version}. "
                + (step.FromVersion < 1 ? "Versions are counted from 1." : $"Say [Event(Version = {step.FromVersion + 1})] if the shape has changed, or leave the upcaster out."));
        }
        else if (upcasting.WhyNotCreatable(step) is { } reason)
        {
            problems.Add($"The upcaster {step.Name} of '{eventType.Name}' cannot be made: {reason}");
        }
    }
}
