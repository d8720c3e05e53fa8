using Carillon.Listeners.Internal;

namespace Carillon.Hosting.Internal;

/// <summary>Finds ids and names that manifests share with each other or with what was added one by one. Within one of them the generator has looked.</summary>
internal sealed class ManifestRule(CarillonSetup setup)
{
    private readonly Dictionary<string, object> _listeners = [];
    private readonly Dictionary<string, LoneName> _events = [];

    internal void Check(List<string> problems)
    {
        foreach (var listener in setup.Listeners)
        {
            _listeners.TryAdd(listener.Id, listener);
        }

        foreach (var manifest in setup.Manifests.All)
        {
            foreach (var lone in manifest.GetNames())
            {
                CheckListener(lone, problems);
                CheckEvent(lone, problems);
            }
        }
    }

    private void CheckListener(LoneName lone, List<string> problems)
    {
        if (!_listeners.TryAdd(lone.ListenerId, lone))
        {
            problems.Add(TwoListeners.Say(lone.ListenerId, _listeners[lone.ListenerId], lone));
        }
    }

    // An event that listeners of several assemblies take is in several manifests, and what was said of it in code counts.
    private void CheckEvent(LoneName lone, List<string> problems)
    {
        if (setup.EventTypesByName.TryGetValue(lone.EventName, out var added) && !lone.IsOf(added.Type) && !IsAdded(lone))
        {
            problems.Add(TwoEvents.Say(lone.EventName, TwoEvents.Named(added.Type), (lone.TypeName, lone.Assembly)));
        }
        else if (!_events.TryAdd(lone.EventName, lone) && _events[lone.EventName] is var other
            && !other.IsOfSameType(lone) && !IsAdded(lone) && !IsAdded(other))
        {
            problems.Add(TwoEvents.Say(lone.EventName, (other.TypeName, other.Assembly), (lone.TypeName, lone.Assembly)));
        }
    }

    private bool IsAdded(LoneName lone)
    {
        foreach (var type in setup.EventTypes.Keys)
        {
            if (lone.IsOf(type))
            {
                return true;
            }
        }

        return false;
    }
}
