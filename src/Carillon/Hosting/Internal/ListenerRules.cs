using Carillon.Listeners.Internal;

namespace Carillon.Hosting.Internal;

/// <summary>Listeners that contradict each other, or say what cannot be.</summary>
internal static class ListenerRules
{
    internal static void Check(CarillonSetup setup, List<string> problems)
    {
        foreach (var listener in setup.ListenersToCheck)
        {
            if ((InlineOnly.Fault(listener) ?? ListenerPattern.Fault(listener)) is { } fault)
            {
                problems.Add(fault);
            }
        }

        if (!ListenerConstraints.HasAny(setup.ListenersToCheck))
        {
            return;
        }

        problems.AddRange(ListenerConstraints.FindUnknown(setup.Listeners, setup.Manifests));
        if (ListenerConstraints.FindCycle(setup.Listeners) is { } cycle)
        {
            problems.Add(cycle);
        }
    }
}
