using Carillon.Listeners;

namespace Carillon.Dispatch.Internal;

/// <summary>The listeners of one name for payloads of one type.</summary>
internal sealed class PayloadPlan
{
    private readonly EventPlan _plan;
    private readonly bool _wantsName;
    private readonly Func<EventPlan> _createForResults;
    private EventPlan? _forResults;

    /// <param name="payloadType">The exact type of the payload; null for events without one.</param>
    /// <param name="plan">Takes the payload, or the named event around it.</param>
    /// <param name="wantsName">Whether it takes the named event.</param>
    /// <param name="hasListeners">Whether anybody takes part.</param>
    /// <param name="createForResults">The same listeners, for an emitter that wants what they return.</param>
    internal PayloadPlan(Type? payloadType, EventPlan plan, bool wantsName, bool hasListeners, Func<EventPlan> createForResults)
    {
        PayloadType = payloadType;
        _plan = plan;
        _wantsName = wantsName;
        HasListeners = hasListeners;
        _createForResults = createForResults;
    }

    internal Type? PayloadType { get; }

    internal bool HasListeners { get; }

    /// <summary>No named event is made for listeners that take the payload by itself.</summary>
    internal ValueTask InvokeAsync(string name, object? payload, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _plan.InvokeObjectAsync(_wantsName ? new NamedEvent(name, payload) : payload!, dispatcher, cancellationToken);

    /// <summary>For an emitter that has made the named event itself.</summary>
    internal ValueTask InvokeAsync(NamedEvent named, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        named.IsHandled = HasListeners;
        return _plan.InvokeObjectAsync(_wantsName ? named : named.Payload!, dispatcher, cancellationToken);
    }

    internal ValueTask InvokeAsync(NamedEvent named, ResultScope scope, CancellationToken cancellationToken)
    {
        named.IsHandled = HasListeners;
        return (_forResults ??= _createForResults()).InvokeObjectAsync(_wantsName ? named : named.Payload!, scope, cancellationToken);
    }
}
