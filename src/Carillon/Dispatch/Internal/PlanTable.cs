using System.Collections.Concurrent;

namespace Carillon.Dispatch.Internal;

/// <summary>The plans of an application: made at the first dispatch of a type, thrown away together when listeners come or go.</summary>
internal sealed class PlanTable : PlanSlots
{
    private readonly PlanFactory _factory;
    // The container outside of every scope: singletons are handed it, and so are scoped services that a singleton takes in.
    private readonly IServiceProvider _root;
    private readonly Lock _gate = new();

    // Written under the gate.
    private int _version;

    // Replaced as a whole when listeners change, and otherwise only grows, like the slots, which are written under the gate and read without it.
    private volatile ConcurrentDictionary<Type, EventPlan> _byType = new();

    internal PlanTable(PlanFactory factory, IServiceProvider root)
    {
        _factory = factory;
        _root = root;
        _factory.ListenersChanged += Clear;
    }

    internal bool IsRoot(IServiceProvider services) => ReferenceEquals(_root, services);

    /// <summary>The plan of an exact type, for the typed call that found its slot empty.</summary>
    internal EventPlan<TEvent> Get<TEvent>()
        where TEvent : notnull
    {
        // Made outside the gate, which a provider that raises Changed under a lock of its own comes to as well.
        var version = Volatile.Read(ref _version);
        var plan = _factory.Create<TEvent>();
        lock (_gate)
        {
            var index = EventSlot<TEvent>.Index;
            if (version != _version)
            {
                // The listeners have changed meanwhile: good for this dispatch, not for the next.
                return plan;
            }

            if (index < Slots.Length && Slots[index] is EventPlan<TEvent> present)
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
            _byType[typeof(TEvent)] = plan;
            return plan;
        }
    }

    /// <summary>The plan of a run-time type, for calls by <c>object</c>, a base class or an interface.</summary>
    internal EventPlan Get(Type eventType)
    {
        if (_byType.TryGetValue(eventType, out var present))
        {
            return present;
        }

        var version = Volatile.Read(ref _version);
        var plan = _factory.Create(eventType);
        lock (_gate)
        {
            return version == _version ? _byType.GetOrAdd(eventType, plan) : plan;
        }
    }

    private void Clear()
    {
        lock (_gate)
        {
            _version++;
            Slots = [];
            _byType = new ConcurrentDictionary<Type, EventPlan>();
        }
    }
}
