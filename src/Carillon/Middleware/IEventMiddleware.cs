namespace Carillon.Middleware;

/// <summary>Code around a whole dispatch: before the first listener, and after the last one.</summary>
/// <remarks>
/// <para>
/// Added with <c>UseMiddleware</c>; the first that is added is the outermost. It surrounds inline
/// listeners and the recording of deliveries for durable ones. It runs whether or not anybody listens.
/// </para>
/// <para>
/// It may leave <c>next</c> uncalled: no listener takes part then, and the emitter gets its event back as if nobody listened. It may call it
/// again: then all listeners run again, also those that had succeeded. It may throw: the emitter gets the exception. It cannot replace the event.
/// </para>
/// </remarks>
/// <threadsafety>A middleware that is a singleton must be safe for concurrent use.</threadsafety>
public interface IEventMiddleware
{
    /// <summary>Surrounds one dispatch.</summary>
    /// <param name="event">The event. A struct is boxed once for all its middleware and those listeners that see it as an object.</param>
    /// <param name="next">The middleware after this one and, in the end, the listeners.</param>
    /// <param name="cancellationToken">That of the dispatch.</param>
    ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken);
}
