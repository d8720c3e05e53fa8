namespace Carillon.Middleware;

/// <summary>What can be said of a middleware when it is added.</summary>
public sealed class MiddlewareOptions
{
    internal List<Type> EventTypes { get; } = [];

    /// <summary>Only events that can be assigned to this type meet the middleware; called more than once, to any of them. Without it, every event does.</summary>
    /// <typeparam name="TEvent">A type of event, a base class or an interface.</typeparam>
    public MiddlewareOptions For<TEvent>()
        where TEvent : notnull
    {
        EventTypes.Add(typeof(TEvent));
        return this;
    }
}
