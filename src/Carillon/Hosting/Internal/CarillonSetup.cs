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
    private readonly Dictionary<string, Listener> _listenersById = [];
    private readonly List<Listener> _durableListeners = [];
    private readonly Dictionary<Type, EventType> _eventTypes = [];
    private readonly Dictionary<string, EventType> _eventTypesByName = [];
    private readonly Dictionary<Type, GeneratedPlan> _plans = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<Type> _serviceTypes = [];
    private readonly HashSet<Type> _addedClasses = [];
    private int _servicesSeen;

    internal IServiceCollection Services => services;

    /// <summary>Every listener once, in the order of registration.</summary>
    internal List<Listener> Listeners => _listeners;

    internal List<Listener> DurableListeners => _durableListeners;

    internal Dictionary<Type, EventType> EventTypes => _eventTypes;

    internal Dictionary<string, EventType> EventTypesByName => _eventTypesByName;

    internal Dictionary<Type, GeneratedPlan> Plans => _plans;

    /// <summary>Whether the application has said something of its worker, retries or envelopes, so that it has to be checked.</summary>
    internal bool HasOptions { get; set; }

    /// <summary>What is wrong already: reported with everything else when the host starts.</summary>
    internal List<string> Problems => _problems;

    /// <summary>Adds a listener, unless it is there: the same code under the same id, as by the generated code and by hand, is one listener.</summary>
    internal void AddListener(Listener listener)
    {
        if (!_listenersById.TryAdd(listener.Id, listener))
        {
            var present = _listenersById[listener.Id];
            if (present.Invoke == listener.Invoke)
            {
                return;
            }

            _problems.Add(
                $"Two listeners have the id '{listener.Id}', one of '{present.EventType}' and one of '{listener.EventType}'. "
                + "Give each an id of its own, with [OnEvent(Id = \"...\")] or ListenOptions.Id.");
        }

        _listeners.Add(listener);
        if (listener.Delivery == Delivery.Durable)
        {
            _durableListeners.Add(listener);
        }
    }

    internal void AddPlan(GeneratedPlan plan) => _plans[plan.EventType] = plan;

    internal void AddEventType(EventType eventType)
    {
        if (EventName.Fault(eventType.Name) is { } fault)
        {
            _problems.Add($"The event '{eventType.Type}' has the name '{eventType.Name}', but {fault}. Give it another name with [Event(\"entity.action\")].");
        }

        if (_eventTypes.TryGetValue(eventType.Type, out var present) && _eventTypesByName[present.Name] == present)
        {
            // Named anew: what was said last counts.
            _eventTypesByName.Remove(present.Name);
        }

        _eventTypes[eventType.Type] = eventType;
        if (!_eventTypesByName.TryAdd(eventType.Name, eventType))
        {
            _problems.Add(
                $"Two events have the name '{eventType.Name}': '{_eventTypesByName[eventType.Name].Type}' and '{eventType.Type}'. "
                + "Give each a name of its own with [Event(\"entity.action\")].");
        }
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

        return _serviceTypes.Add(listenerClass) && _addedClasses.Add(listenerClass);
    }

    /// <summary>Whether it was not the application that added the class to the services.</summary>
    internal bool IsAddedClass(Type type) => _addedClasses.Contains(type);

    private static string SimpleName(Type type)
    {
        var arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? type.Name : type.Name[..arity];
    }
}
