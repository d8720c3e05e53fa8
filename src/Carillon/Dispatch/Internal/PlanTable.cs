using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Carillon.Listeners;

namespace Carillon.Dispatch.Internal;

/// <summary>The plans of an application: made at the first dispatch of a type, thrown away together when listeners come or go.</summary>
internal sealed class PlanTable : PlanSlots
{
    private readonly PlanFactory _factory;
    // The container outside of every scope: singletons are handed it, and so are scoped services that a singleton takes in.
    internal readonly IServiceProvider Root;

    // Objects, here and wherever a start comes by: the container has locked one by then, while the first Lock of a program costs it a quarter of a millisecond.
    private readonly object _gate = new();

    // Written under the gate.
    private int _version;

    // By the number of the type, like the slots. One that is over stays, also when listeners change: what it would save is spent.
    private volatile EarlyPlan?[] _early = [];

    // Replaced as a whole when listeners change, and otherwise only grows, like the slots, which are written under the gate and read without it.
    // Made for the first call that does not know the type: most applications have none.
    private volatile ConcurrentDictionary<Type, EventPlan>? _byType;

    // Made for the first emitter that wants results.
    private volatile ConcurrentDictionary<Type, EventPlan>? _forResults;

    // Made for the first emitter that goes by a name.
    private volatile NamePlans? _names;

    // Made for the first unit of work.
    private volatile PlanTable? _inTransaction;

    // Made for the first scope that begins while somebody watches.
    private volatile PlanTable? _observed;
    private readonly DispatchObserver? _observer;

    internal PlanTable(PlanFactory factory, IServiceProvider root, DispatchObserver? observer = null)
    {
        _factory = factory;
        _observer = observer;
        Root = root;
        foreach (var provider in factory.Providers)
        {
            provider.Changed += Clear;
        }
    }

    /// <summary>Who is asked when a plan is made.</summary>
    internal IListenerProvider[] Providers => _factory.Providers;

    /// <summary>The plan of an exact type, for the typed call that found its slot empty.</summary>
    internal EventPlan<TEvent> Get<TEvent>()
        where TEvent : notnull
    {
        var index = EventSlot<TEvent>.Index;
        var slots = Slots;
        if (index < slots.Length && slots[index] is { } present)
        {
            return (EventPlan<TEvent>)present;
        }

        // Made outside the gate, which a provider that raises Changed under a lock of its own comes to as well.
        var version = Volatile.Read(ref _version);
        var plan = _factory.Create(typeof(TEvent)) is var made && made is EventPlan<TEvent> typed ? typed : TypedPlan<TEvent>.Of(made);
        return (EventPlan<TEvent>)Keep(plan, typeof(TEvent), index, version);
    }

    /// <summary>What calls the listener of an exact type as long as a plan does not pay; null if there is a plan, or has to be.</summary>
    internal EarlyPlan? GetEarly(Type eventType, int index)
    {
        var all = _early;
        if (index < all.Length && all[index] is { } present)
        {
            return present.IsOver ? null : present;
        }

        var slots = Slots;
        if (!RuntimeFeature.IsDynamicCodeCompiled || (index < slots.Length && slots[index] is not null))
        {
            return null;
        }

        var version = Volatile.Read(ref _version);
        return _factory.CreateEarly(eventType) is { } made ? KeepEarly(made, index, version) : null;
    }

    private EarlyPlan KeepEarly(EarlyPlan made, int index, int version)
    {
        lock (_gate)
        {
            if (version == _version)
            {
                var early = _early;
                if (index >= early.Length)
                {
                    Array.Resize(ref early, Math.Max(index + 1, early.Length * 2));
                }

                // Two that were made at once count together.
                made = early[index] ??= made;
                _early = early;
            }

            return made;
        }
    }

    // Not generic, like all that is behind it: for each type of event, the first dispatch pays for every generic method on its way.
    private EventPlan Keep(EventPlan plan, Type eventType, int index, int version)
    {
        lock (_gate)
        {
            if (version != _version)
            {
                // The listeners have changed meanwhile: good for this dispatch, not for the next.
                return plan;
            }

            if (index < Slots.Length && Slots[index] is { } present)
            {
                return present;
            }

            var slots = Slots;
            if (index >= slots.Length)
            {
                Array.Resize(ref slots, Math.Max(index + 1, slots.Length * 2));
            }

            slots[index] = plan;
            Slots = slots;
            _byType?.TryAdd(eventType, plan);
            return plan;
        }
    }

    /// <summary>The plan of a run-time type, for calls by <c>object</c>, a base class or an interface.</summary>
    internal EventPlan Get(Type eventType)
    {
        if (_byType is { } plans && plans.TryGetValue(eventType, out var present))
        {
            return present;
        }

        var version = Volatile.Read(ref _version);
        var plan = _factory.Create(eventType);
        lock (_gate)
        {
            return version == _version ? (_byType ??= new ConcurrentDictionary<Type, EventPlan>()).GetOrAdd(eventType, plan) : plan;
        }
    }

    /// <summary>The plan of a run-time type for an emitter that wants what its listeners return; it is called with a <see cref="ResultScope"/>.</summary>
    internal EventPlan GetForResults(Type eventType)
    {
        if (_forResults is { } known && known.TryGetValue(eventType, out var present))
        {
            return present;
        }

        var version = Volatile.Read(ref _version);
        var plan = _factory.CreateForResults(eventType);
        lock (_gate)
        {
            return version == _version ? (_forResults ??= new ConcurrentDictionary<Type, EventPlan>()).GetOrAdd(eventType, plan) : plan;
        }
    }

    /// <summary>The plans of names.</summary>
    internal NamePlans Names => _names ?? CreateNames();

    /// <summary>The plans of dispatches inside an open transaction: the same, and each inline listener is watched for taking too long.</summary>
    internal PlanTable InTransaction => _inTransaction ?? CreateInTransaction();

    /// <summary>The plans of a scope that begins now: with spans and measures around them if somebody wants those. Asked once a scope, never at a dispatch.</summary>
    internal PlanTable ForScope => _observer is { IsWanted: true } observer ? _observed ?? CreateObserved(observer) : this;

    private PlanTable CreateObserved(DispatchObserver observer)
    {
        lock (_gate)
        {
            return _observed ??= new PlanTable(_factory.Observing(observer), Root);
        }
    }

    private PlanTable CreateInTransaction()
    {
        lock (_gate)
        {
            return _inTransaction ??= _factory.Watching() is { } watching ? new PlanTable(watching, Root) : this;
        }
    }

    private NamePlans CreateNames()
    {
        lock (_gate)
        {
            return _names ??= new NamePlans(new NamedPlanFactory(_factory, this));
        }
    }

    private void Clear()
    {
        lock (_gate)
        {
            _version++;
            Slots = [];
            _byType = null;
            _forResults = null;
            _names = null;
            for (var index = 0; index < _early.Length; index++)
            {
                if (_early[index] is { IsOver: false })
                {
                    _early[index] = null;
                }
            }
        }
    }
}
