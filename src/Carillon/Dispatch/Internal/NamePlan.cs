using Carillon.Listeners;

namespace Carillon.Dispatch.Internal;

/// <summary>The plans of one name: which listeners take part depends on the type of the payload as well.</summary>
internal sealed class NamePlan(string name, Listener[] listeners, NamedPlanFactory factory)
{
    // A name has one type of payload, or a few. One that has more makes plans again and again, and does not grow.
    private const int Room = 16;

    internal readonly string Name = name;
    private PayloadPlan? _withoutPayload;
    private volatile PayloadPlan[] _byPayload = [];
    private int _next;

    internal PayloadPlan For(object? payload)
    {
        if (payload is null)
        {
            return _withoutPayload ??= factory.Create(Name, listeners, payloadType: null);
        }

        var type = payload.GetType();
        foreach (var plan in _byPayload)
        {
            if (plan.PayloadType == type)
            {
                return plan;
            }
        }

        return Add(factory.Create(Name, listeners, type));
    }

    // Replaced as a whole: those who read take no lock, and at worst a plan is made twice.
    private PayloadPlan Add(PayloadPlan plan)
    {
        var plans = _byPayload;
        if (plans.Length < Room)
        {
            _byPayload = [.. plans, plan];
        }
        else
        {
            PayloadPlan[] replaced = [.. plans];
            replaced[(uint)Interlocked.Increment(ref _next) % Room] = plan;
            _byPayload = replaced;
        }

        return plan;
    }
}
