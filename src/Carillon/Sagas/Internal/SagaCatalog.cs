using Carillon.Events;
using Carillon.Listeners;

namespace Carillon.Sagas.Internal;

/// <summary>The sagas of the application: their steps by the ids of the listeners. Complete once the application is built.</summary>
internal sealed class SagaCatalog
{
    private readonly Dictionary<string, (ListenerInvoker Invoke, SagaStep Step)> _steps = new(StringComparer.Ordinal);
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<string, Listener> _compensations = new(StringComparer.Ordinal);

    /// <summary>What says that a step is to be undone, under a name of its own in the store.</summary>
    internal static EventType CompensationType { get; } = new(typeof(Compensation), "carillon.saga.compensate") { TypeInfo = SagaJson.Default.Compensation };

    /// <summary>Every step, by the id of its listener.</summary>
    internal IEnumerable<(string ListenerId, SagaStep Step)> Steps => _steps.Select(each => (each.Key, each.Value.Step));

    /// <summary>Adds a step.</summary>
    /// <returns>The listener that takes its events; null if it was there already, added by the generated code and by hand.</returns>
    internal Listener? Add(Listener listener, SagaStep step)
    {
        if (_steps.TryGetValue(listener.Id, out var present) && present.Invoke == listener.Invoke)
        {
            return null;
        }

        _listeners.Add(listener);
        _steps[listener.Id] = (listener.Invoke, step);
        var keeping = listener.Keeping(new SagaCall(step, listener.Id, listener.Invoke).Invoke);
        if (step.Compensates is { } undone)
        {
            _compensations.TryAdd(undone, keeping);
        }

        return keeping;
    }

    /// <summary>Methods that are not what a method of a saga is.</summary>
    internal IEnumerable<Listener> FindOthers() => _listeners.Where(static listener => listener is not { Delivery: Delivery.Durable, Transactional: true, NeedsContext: true });

    /// <summary>The listener that undoes a step; null if none does.</summary>
    internal Listener? FindCompensation(string listenerId) => _compensations.GetValueOrDefault(listenerId);
}
