using System.Collections.Concurrent;

namespace Carillon.Testing;

/// <summary>Remembers every event that was dispatched, in order, before its listeners saw it.</summary>
/// <remarks>Add it with <see cref="TestingCarillonBuilderExtensions.RecordEvents"/> and take it from the services.</remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class EventRecorder
{
    private readonly ConcurrentQueue<object> _events = new();

    /// <summary>Every event so far.</summary>
    public IReadOnlyList<object> Events => [.. _events];

    /// <summary>The events of one type, derived types included.</summary>
    public IReadOnlyList<TEvent> Of<TEvent>() => [.. _events.OfType<TEvent>()];

    /// <summary>The only event of one type.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one; the message lists what was dispatched instead.</exception>
    public TEvent Only<TEvent>()
    {
        var found = Of<TEvent>();
        if (found.Count == 1)
        {
            return found[0];
        }

        var seen = _events.IsEmpty ? "nothing" : string.Join(", ", _events);
        throw new InvalidOperationException($"Expected one event of the type {typeof(TEvent)}, but {found.Count} were dispatched. Seen: {seen}.");
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _events.Clear();

    internal void Record(object @event) => _events.Enqueue(@event);
}
