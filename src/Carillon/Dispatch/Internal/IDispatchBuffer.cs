namespace Carillon.Dispatch.Internal;

/// <summary>Takes the events of a scope before they reach their listeners.</summary>
internal interface IDispatchBuffer
{
    /// <summary>Whether the event waits now; if not, it is dispatched at once.</summary>
    bool TryTake(object @event);
}
