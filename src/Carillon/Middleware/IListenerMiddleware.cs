namespace Carillon.Middleware;

/// <summary>Code around each listener: inline and background ones, and durable ones in each of their attempts.</summary>
/// <remarks>
/// <para>
/// Added with <c>UseListenerMiddleware</c>; the first that is added is the outermost.
/// </para>
/// <para>
/// It may leave <c>next</c> uncalled: that listener is left out, the others run, and the attempt of a durable one counts as a success. It may call it again:
/// the listener runs again. What it throws is a failure of the listener. It cannot replace the event.
/// </para>
/// </remarks>
/// <threadsafety>A middleware that is a singleton must be safe for concurrent use.</threadsafety>
public interface IListenerMiddleware
{
    /// <summary>Surrounds one call of one listener.</summary>
    /// <param name="event">The event.</param>
    /// <param name="next">The middleware after this one and, in the end, the listener; tells which listener that is.</param>
    /// <param name="cancellationToken">That of the dispatch or of the attempt.</param>
    ValueTask InvokeAsync(object @event, ListenerNext next, CancellationToken cancellationToken);
}
