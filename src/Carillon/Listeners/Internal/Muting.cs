using Carillon.Events;

namespace Carillon.Listeners.Internal;

/// <summary>Which listeners and which events are muted, and how often.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Muting
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, int> _muted = [];

    /// <param name="muted">The id of a listener, or a type of event.</param>
    internal void Add(object muted)
    {
        lock (_gate)
        {
            _muted[muted] = _muted.GetValueOrDefault(muted) + 1;
        }
    }

    internal void Remove(object muted)
    {
        lock (_gate)
        {
            if (--_muted[muted] == 0)
            {
                _muted.Remove(muted);
            }
        }
    }

    /// <summary>Those of the listeners that may hear the event.</summary>
    internal Listener[] Filter(EventType eventType, Listener[] listeners)
    {
        lock (_gate)
        {
            return IsMuted(eventType.Type) ? [] : Array.FindAll(listeners, listener => !_muted.ContainsKey(listener.Id));
        }
    }

    private bool IsMuted(Type eventType)
    {
        foreach (var muted in _muted.Keys)
        {
            if (muted is Type type && type.IsAssignableFrom(eventType))
            {
                return true;
            }
        }

        return false;
    }
}
