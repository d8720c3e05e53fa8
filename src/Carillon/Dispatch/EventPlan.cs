namespace Carillon.Dispatch;

/// <summary>The listeners of one type of event, ready to be called.</summary>
public abstract class EventPlan
{
    private protected EventPlan()
    {
    }

    /// <summary>Whether nobody listens.</summary>
    internal virtual bool IsEmpty => false;

    internal abstract ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken);
}
