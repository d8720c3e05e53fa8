using System.Reflection;
using Carillon.Dispatch;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>What all calls of AddCarillon have said together. Read once, when the first dispatcher is made.</summary>
internal sealed class CarillonSetup(IServiceCollection services)
{
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<Type, EventType> _eventTypes = [];
    private readonly Dictionary<Type, GeneratedPlan> _plans = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<Type> _serviceTypes = [];
    private int _servicesSeen;

    internal IServiceCollection Services => services;

    internal IReadOnlyList<Listener> Listeners => _listeners;

    internal IReadOnlyCollection<EventType> EventTypes => _eventTypes.Values;

    internal IReadOnlyDictionary<Type, GeneratedPlan> Plans => _plans;

    /// <summary>What is wrong already: reported with everything else when the host starts.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>The listeners without those that were added twice, as by the generated code and by hand: the same code under the same id.</summary>
    internal IEnumerable<Listener> DistinctListeners() => _listeners.DistinctBy(listener => (listener.Id, listener.Invoke));

    internal void AddListener(Listener listener) => _listeners.Add(listener);

    internal void AddPlan(GeneratedPlan plan) => _plans[plan.EventType] = plan;

    internal void AddEventType(EventType eventType)
    {
        if (EventName.Fault(eventType.Name) is { } fault)
        {
            _problems.Add($"The event '{eventType.Type}' has the name '{eventType.Name}', but {fault}. Give it another name with [Event(\"entity.action\")].");
        }

        _eventTypes[eventType.Type] = eventType;
    }

    /// <summary>Reads the name from the attribute or derives it. For registrations in code; the generator does the same at compile time.</summary>
    internal void AddEventType(Type type)
    {
        if (type.IsAbstract || type == typeof(object) || _eventTypes.ContainsKey(type))
        {
            return;
        }

        var attribute = type.GetCustomAttribute<EventAttribute>(inherit: false);
        var name = attribute?.Name
            ?? EventName.Derive(SimpleName(type), type.GetGenericArguments().Select(SimpleName));
        AddEventType(new EventType(type, name, attribute?.Version ?? 1));
    }

    /// <summary>Whether the class has to be added to the services: the application may have done so, with a lifetime of its choice.</summary>
    internal bool AddListenerClass(Type listenerClass)
    {
        // Each service is looked at once, not once for each class: start-up is linear in the number of listeners.
        for (; _servicesSeen < services.Count; _servicesSeen++)
        {
            if (!services[_servicesSeen].IsKeyedService)
            {
                _serviceTypes.Add(services[_servicesSeen].ServiceType);
            }
        }

        return _serviceTypes.Add(listenerClass);
    }

    private static string SimpleName(Type type)
    {
        var arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? type.Name : type.Name[..arity];
    }
}
