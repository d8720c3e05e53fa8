using Carillon.Diagnostics.Internal;
using Carillon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Listeners.Internal;

/// <summary>The built-in provider: every listener of the application, by priority, then by registration.</summary>
internal sealed class ListenerRegistry : IListenerProvider, IListenerRegistry
{
    // An object: see PlanTable.
    private readonly object _gate = new();
    private readonly Listeners _listeners;
    private readonly ListenerManifests _manifests;
    private readonly IServiceProvider _services;
    private readonly bool _hasBackground;

    // Made for the first listener that comes while the application runs, which most applications never see.
    private volatile AddedListeners? _added;
    private HashSet<string>? _idsAtStart;
    private volatile Muting? _muting;

    /// <param name="listeners">The listeners at start, which do not change any more.</param>
    /// <param name="manifests">Those among them that are opened when their event is dispatched.</param>
    /// <param name="services">Where a logger is found, should one be needed.</param>
    /// <param name="hasBackground">Whether something runs listeners in the background.</param>
    internal ListenerRegistry(Listeners listeners, ListenerManifests manifests, IServiceProvider services, bool hasBackground)
    {
        _manifests = manifests;
        _services = services;
        _hasBackground = hasBackground;
        _listeners = listeners;
    }

    public event Action? Changed;

    public event Action<Listener>? ListenerAdded;

    public event Action<Listener>? ListenerRemoved;

    /// <summary>The listeners at start that were added one by one.</summary>
    internal IReadOnlyList<Listener> All => _listeners.All;

    /// <summary>What is muted, or was at some time; null as long as nothing was.</summary>
    internal Muting? Muting => _muting;

    public IEnumerable<Listener> GetListeners(EventType eventType)
    {
        var listeners = _added is null ? _listeners.Of(eventType) : _listeners.Of(eventType, FindAdded(eventType));
        return _muting is null ? listeners : _muting.Filter(eventType, listeners);
    }

    /// <summary>Those to which deliveries are addressed, if there are any; no event reaches them by being dispatched.</summary>
    internal IReadOnlyDictionary<string, Listener>? Addressed { get; init; }

    /// <summary>All that a delivery can be for.</summary>
    internal IEnumerable<Listener> Durable => All.Where(static listener => listener.Delivery == Delivery.Durable).Concat(Addressed?.Values ?? []);

    internal Listener? FindDurable(string id) => _listeners.FindDurable(id) ?? Addressed?.GetValueOrDefault(id);

    /// <summary>Whether certainly nobody else takes its event: the quick answer, for the first dispatch of an event. False where it is not so easy.</summary>
    internal bool IsAlone(LoneListener lone) => _added is null && _muting is null && _listeners.IsAlone(lone);

    public IDisposable Add(Listener listener, int? times = null) => Add(listener, times, []);

    public IListenerRegistry Until(CancellationToken cancellationToken) => new RegistryUntil(this, [cancellationToken]);

    /// <param name="listener">The listener.</param>
    /// <param name="times">How often it runs; null is without end.</param>
    /// <param name="until">Each of them ends it.</param>
    internal IDisposable Add(Listener listener, int? times, CancellationToken[] until)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (times is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(times));
        }

        Check(listener);
        if (Array.Exists(until, token => token.IsCancellationRequested))
        {
            return new Handle(static () => { });
        }

        var limited = times is null ? null : new LimitedRuns(listener.Invoke, times.Value);
        var added = limited is null ? listener : listener.With(limited.InvokeAsync);
        var registration = new Registration(this, added);
        limited?.Registration = registration;
        Insert(added, registration);
        RaiseChanged(ListenerAdded, added);
        registration.EndWith(until);
        return registration;
    }

    public bool Remove(string listenerId)
    {
        ArgumentNullException.ThrowIfNull(listenerId);
        Registration? registration;
        lock (_gate)
        {
            registration = _added?.FindRegistration(listenerId);
        }

        return registration is not null && registration.End();
    }

    public IDisposable Mute(string listenerId)
    {
        ArgumentException.ThrowIfNullOrEmpty(listenerId);
        WarnIfUnknown(listenerId);
        return MuteAny(listenerId);
    }

    public IDisposable Mute<TEvent>()
        where TEvent : notnull => MuteAny(typeof(TEvent));

    internal bool Remove(Listener listener)
    {
        lock (_gate)
        {
            if (_added?.Remove(listener) is not true)
            {
                return false;
            }
        }

        RaiseChanged(ListenerRemoved, listener);
        return true;
    }

    private List<PlacedListener> FindAdded(EventType eventType)
    {
        List<PlacedListener> found = [];
        lock (_gate)
        {
            _added!.AddTo(found, eventType);
        }

        return found;
    }

    private void Check(Listener listener)
    {
        if (listener.Delivery == Delivery.Durable)
        {
            throw new CarillonException(
                $"The durable listener '{listener.Id}' of '{listener.EventType}' was added while the application runs. Deliveries that are already stored "
                + "must find it when the host starts: add it in AddCarillon.");
        }

        if (listener.Delivery == Delivery.Background && !_hasBackground)
        {
            throw new CarillonException(
                $"The background listener '{listener.Id}' of '{listener.EventType}' was added while the application runs, but nothing runs listeners in the "
                + "background. Call UseBackground() in AddCarillon.");
        }

        if ((DurableOnly.Fault(listener) ?? InlineOnly.Fault(listener) ?? ListenerPattern.Fault(listener)) is { } fault)
        {
            throw new CarillonException(fault);
        }
    }

    private void Insert(Listener listener, Registration registration)
    {
        lock (_gate)
        {
            if (_added?.Find(listener.Id) is { } taken || FindAtStart(listener.Id, out taken))
            {
                var whose = taken is null ? "another listener" : $"a listener of '{taken.EventType}'";
                throw new CarillonException($"The id '{listener.Id}' of a listener of '{listener.EventType}' is taken by {whose}. Give one of them another id.");
            }

            // Whoever is named by others has been looked at with them, there or not: only what a new one says itself can close a circle.
            if (listener.HasConstraints && ListenerConstraints.FindCycle([.. _listeners.All, .. _added?.All ?? [], listener]) is { } cycle)
            {
                throw new CarillonException($"The listener '{listener.Id}' was not added. {cycle}");
            }

            _added ??= new AddedListeners(_listeners.All.Count);
            _added.Add(listener, registration);
        }
    }

    private bool FindAtStart(string id, out Listener? listener)
    {
        listener = null;
        _idsAtStart ??= [.. _listeners.All.Select(each => each.Id), .. _manifests.All.SelectMany(manifest => manifest.GetNames()).Select(name => name.ListenerId)];
        if (!_idsAtStart.Contains(id))
        {
            return false;
        }

        listener = _listeners.All.FirstOrDefault(each => each.Id == id);
        return true;
    }

    // Not an error: it may be muted before it comes, or come from another provider.
    private void WarnIfUnknown(string id)
    {
        HashSet<string> known;
        lock (_gate)
        {
            if (_added?.Find(id) is not null || FindAtStart(id, out _))
            {
                return;
            }

            known = [.. _idsAtStart!, .. (_added?.All ?? []).Select(each => each.Id)];
        }

        if (_services.GetServices<IListenerProvider>().Count() <= 1)
        {
            Log.UnknownMuted(Loggers.Of(_services).Dispatch, id, ListenerConstraints.Suggest(id, known));
        }
    }

    private Handle MuteAny(object muted)
    {
        Muting muting;
        lock (_gate)
        {
            muting = _muting ??= new Muting();
        }

        muting.Add(muted);
        Changed?.Invoke();
        return new Handle(() =>
        {
            muting.Remove(muted);
            Changed?.Invoke();
        });
    }

    // The plans first: an observer that dispatches sees the change.
    private void RaiseChanged(Action<Listener>? observers, Listener listener)
    {
        Changed?.Invoke();
        if (observers is null)
        {
            return;
        }

        foreach (var observer in Delegate.EnumerateInvocationList(observers))
        {
            try
            {
                observer(listener);
            }
#pragma warning disable CA1031 // Who looks on cannot undo what was done.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.ObserverFailed(Loggers.Of(_services).Dispatch, listener.Id, exception);
            }
        }
    }
}
