using Carillon.Events;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Finds the listeners of a name, and of these the ones that take a payload.</summary>
internal sealed class NamedPlanFactory(PlanFactory plans, PlanTable table)
{
    /// <summary>Whoever may take an event of this name, depending on its payload.</summary>
    internal Listener[] GetListeners(string name) => plans.Ask(TypeOf(name));

    /// <summary>Whether somebody has written the name down, so that there is an end to the number of such names.</summary>
    internal bool IsWritten(string name, Listener[] listeners) =>
        plans.IsEvent(name) || Array.Exists(listeners, listener => listener.Pattern == name);

    internal PayloadPlan Create(string name, Listener[] listeners, Type? payloadType)
    {
        if (payloadType is not null && plans.NameOf(payloadType) == name)
        {
            // The event itself, which is dispatched as if it had been so without the name.
            var plan = table.Get(payloadType);
            return new PayloadPlan(payloadType, plan, wantsName: false, !plan.IsEmpty, () => table.GetForResults(payloadType));
        }

        var taking = Array.FindAll(
            listeners, listener => ListenerPattern.WantsName(listener) || (payloadType is not null && listener.EventType.IsAssignableFrom(payloadType)));
        RefuseDurable(name, taking, payloadType);
        // Middleware and the trace see the event under its name, whatever its listeners take.
        var wantsName = taking.Length == 0 || plans.IsSurrounded(TypeOf(name)) || Array.Exists(taking, ListenerPattern.WantsName);
        var adapted = wantsName ? NamedListeners.OfNamed(taking) : taking;
        return new PayloadPlan(
            payloadType,
            plans.CreateNamed(TypeOf(name), wantsName ? null : payloadType, adapted),
            wantsName,
            taking.Length > 0,
            () => plans.CreateNamedForResults(TypeOf(name), adapted));
    }

    private static EventType TypeOf(string name) => new(typeof(NamedEvent), name);

    // Before anything has run: what is stored is read again by its name, which must lead to a type.
    private static void RefuseDurable(string name, Listener[] taking, Type? payloadType)
    {
        if (Array.Find(taking, listener => listener.Delivery == Delivery.Durable) is { } durable)
        {
            var payload = payloadType is null ? "without a payload" : $"with a payload of the type '{payloadType}'";
            throw new CarillonException(
                $"'{name}' was emitted {payload}, and the durable listener '{durable.Id}' takes it, but only an event with a type can be stored. "
                + $"Emit an event whose type has this name, by [Event(\"{name}\")], or make the listener inline.");
        }
    }
}
