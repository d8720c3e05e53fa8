using System.Reflection;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.Names.Internal;

namespace Carillon.Hosting.Internal;

// What is said of events.
internal sealed partial class CarillonSetup
{
    internal void AddEventType(EventType eventType)
    {
        if (EventName.Fault(eventType.Name) is { } fault)
        {
            Problems.Add($"The event '{eventType.Type}' has the name '{eventType.Name}', but {fault}. Give it another name with [Event(\"entity.action\")].");
        }

        if (_eventsInCode is not null && _eventsInCode.TryGetValue(eventType.Type, out var said))
        {
            eventType = said.Aggregate(eventType, static (each, options) => options.ApplyTo(each));
        }

        HasFormerNames |= eventType.FormerNames.Count > 0;
        if (eventType.Leaves)
        {
            UseTransports();
        }

        if (EventTypes.TryGetValue(eventType.Type, out var present) && EventTypesByName[present.Name] == present)
        {
            // Named anew: what was said last counts.
            EventTypesByName.Remove(present.Name);
        }

        HasEventTypes = true;
        EventTypes[eventType.Type] = eventType;
        if (!EventTypesByName.TryAdd(eventType.Name, eventType))
        {
            Problems.Add(TwoEvents.Say(eventType.Name, TwoEvents.Named(EventTypesByName[eventType.Name].Type), TwoEvents.Named(eventType.Type)));
        }
    }

    /// <summary>The same, unless it is a payload: what comes under another name than its own.</summary>
    internal void AddEventType(Type type, string? pattern)
    {
        if (pattern is null || NamePattern.Matches(pattern, EventTypeOf(type).Name))
        {
            AddEventType(type);
        }
    }

    /// <summary>Reads the name from the attribute or derives it. For registrations in code; the generator does the same at compile time.</summary>
    internal void AddEventType(Type type)
    {
        if (type.IsAbstract || type == typeof(object) || type == typeof(NamedEvent) || EventTypes.ContainsKey(type))
        {
            return;
        }

        AddEventType(Describe(type));
    }

    /// <summary>What is said in code counts, whether it comes before or after the generated registration of the event.</summary>
    internal void ConfigureEvent(Type type, EventOptions options)
    {
        if (!options.SaysSomething)
        {
            return;
        }

        if (!EventTypes.TryGetValue(type, out var eventType))
        {
            Problems.Add(
                $"AddEvent<{type}>() says {(options.Errors is { } errors ? $"Errors = {errors}" : "something of its event")}, but no event is of exactly this type, and what an event says is not inherited. "
                + "Say it for each of the types that are dispatched.");
            return;
        }

        _eventsInCode ??= [];
        if (!_eventsInCode.TryGetValue(type, out var said))
        {
            _eventsInCode.Add(type, said = []);
        }

        said.Add(options);
        var isNamed = EventTypesByName[eventType.Name] == eventType;
        EventTypes[type] = options.ApplyTo(eventType);
        HasFormerNames |= options.FormerNames.Count > 0;
        if (options.Leaves is true)
        {
            UseTransports();
        }

        if (isNamed)
        {
            EventTypesByName[eventType.Name] = EventTypes[type];
        }
    }

    /// <summary>What is known of the type; for one that was never registered, what its attribute and its own name say.</summary>
    internal EventType EventTypeOf(Type type) =>
        EventTypes.TryGetValue(type, out var known) ? known : Manifests.Find(type)?.EventType ?? Describe(type);

    /// <summary>Every event with a name: for those who look them up by name. The manifests are opened for it.</summary>
    internal IEnumerable<EventType> AllEventTypes() =>
        EventTypes.Values.Concat(Manifests.All
            .SelectMany(manifest => manifest.OpenAll())
            .Select(lone => lone.EventType)
            .Where(eventType => !EventTypes.ContainsKey(eventType.Type)));

    private static EventType Describe(Type type)
    {
        var attribute = type.GetCustomAttribute<EventAttribute>(inherit: false);
        return new EventType(type, TypeName.Of(type, attribute), attribute?.Version ?? 1)
        {
            Errors = attribute?.Errors ?? EventErrors.StopAtFirst,
            FormerNames = attribute?.FormerNames ?? [],
            Leaves = attribute?.Leaves ?? false,
            NeedsSubscriber = attribute?.NeedsSubscriber ?? false,
        };
    }
}
