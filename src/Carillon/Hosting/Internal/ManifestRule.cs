using Carillon.Events;
using Carillon.Listeners;

namespace Carillon.Hosting.Internal;

/// <summary>Finds ids and names that manifests share with each other or with what was added one by one. Within one of them the generator has looked.</summary>
internal sealed class ManifestRule(CarillonSetup setup)
{
    private readonly Dictionary<string, string> _listeners = [];
    private readonly Dictionary<string, string> _events = [];

    internal void Check(List<string> problems)
    {
        foreach (var listener in setup.Listeners)
        {
            _listeners[listener.Id] = listener.EventType.ToString();
        }

        foreach (var (name, eventType) in setup.EventTypesByName)
        {
            _events[name] = NameOf(eventType);
        }

        foreach (var manifest in setup.Manifests.All)
        {
            foreach (var (typeName, eventName, listenerId) in manifest.GetNames())
            {
                CheckListener(listenerId, typeName, problems);
                CheckEvent(eventName, manifest.Qualify(typeName), problems);
            }
        }
    }

    private void CheckListener(string id, string typeName, List<string> problems)
    {
        if (!_listeners.TryAdd(id, typeName))
        {
            problems.Add(CarillonSetup.TwoListeners(id, _listeners[id], typeName));
        }
    }

    // An event that listeners of several assemblies take is in several manifests.
    private void CheckEvent(string name, string typeName, List<string> problems)
    {
        if (!_events.TryAdd(name, typeName) && _events[name] != typeName && !HasOtherName(typeName))
        {
            problems.Add(CarillonSetup.TwoEvents(name, _events[name], typeName));
        }
    }

    // What was said of an event in code counts.
    private bool HasOtherName(string typeName)
    {
        foreach (var eventType in setup.EventTypes.Values)
        {
            if (NameOf(eventType) == typeName)
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(EventType eventType) => ListenerManifest.Qualify(eventType.Type);
}
