using Carillon.Events;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.EventSourcing.Internal;

/// <summary>A projection as the application has declared it.</summary>
/// <param name="Name">Its name, under which is kept how far it has come.</param>
/// <param name="Class">The class.</param>
/// <param name="Options">How it is run.</param>
internal sealed record ProjectionSetup(string Name, Type Class, ProjectionOptions Options)
{
    private readonly Dictionary<Type, Listener[]> _byType = [];

    /// <summary>Its methods, in the order in which they are called where several take an event.</summary>
    internal IReadOnlyList<Listener> Listeners { get; set; } = [];

    /// <summary>Those that take an event of this type. One caller at a time for each copy: a generation that is built has one of its own.</summary>
    internal Listener[] For(EventType eventType)
    {
        if (!_byType.TryGetValue(eventType.Type, out var listeners))
        {
            listeners = [.. Listeners.Where(listener => ListenerPattern.Takes(listener, eventType)).OrderByDescending(listener => listener.Priority)];
            _byType.Add(eventType.Type, listeners);
        }

        return listeners;
    }

    /// <summary>For another runner.</summary>
    internal ProjectionSetup Copy() => new(Name, Class, Options) { Listeners = Listeners };
}
