using Carillon.Events;
using Carillon.Listeners;

namespace Carillon.Tracing.Internal;

/// <summary>One dispatch while it runs. Its listeners find it by the flow of the code.</summary>
/// <param name="listeners">The listeners of the event, in their order; the same object for every dispatch of a plan.</param>
internal sealed class DispatchRecord(Listener[] listeners)
{
    private static readonly AsyncLocal<DispatchRecord?> CurrentOne = new();

    private readonly bool[] _called = new bool[listeners.Length];
    private int? _stoppedBy;

    internal static DispatchRecord? Current
    {
        get => CurrentOne.Value;
        set => CurrentOne.Value = value;
    }

    /// <summary>Whether the dispatch came to its end behind all middleware: then those that run later were noted.</summary>
    internal bool CameThrough { get; set; }

    /// <summary>Whether deliveries belong to a unit of work; null if there are none.</summary>
    private bool? InUnitOfWork { get; set; }

    internal void WasRecordedIn(bool isUnitOfWork) => InUnitOfWork = isUnitOfWork;

    /// <summary>The listeners, each of which tells when it is called.</summary>
    /// <param name="listeners">Those by which the record knows its dispatch.</param>
    /// <param name="adapted">The same, each as it is called.</param>
    internal static Listener[] Watch(Listener[] listeners, Listener[] adapted)
    {
        var watched = new Listener[adapted.Length];
        for (var place = 0; place < adapted.Length; place++)
        {
            watched[place] = adapted[place].Delivery == Delivery.Inline
                ? adapted[place].With(new WatchedListener(listeners, place, adapted[place]).InvokeAsync)
                : adapted[place];
        }

        return watched;
    }

    internal bool IsOf(Listener[] others) => listeners == others;

    internal void Call(int place) => _called[place] = true;

    internal void Stop(int place) => _stoppedBy ??= place;

    internal TracedDispatch ToTrace(EventType eventType, Exception? exception)
    {
        var called = new List<TracedListener>();
        var notCalled = new List<TracedListener>();
        for (var place = 0; place < listeners.Length; place++)
        {
            var listener = listeners[place];
            var tookPart = listener.Delivery == Delivery.Inline ? _called[place] : CameThrough && !(place > _stoppedBy);
            (tookPart ? called : notCalled).Add(new TracedListener(listener.Id, listener.Priority, listener.Delivery));
        }

        return new TracedDispatch(eventType.Name, eventType.Type, called, notCalled, _stoppedBy is { } stopper ? listeners[stopper].Id : null, exception)
        {
            InUnitOfWork = InUnitOfWork,
        };
    }
}
