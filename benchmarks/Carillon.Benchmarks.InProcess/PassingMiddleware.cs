using Carillon.Middleware;

namespace Carillon.Benchmarks.InProcess;

/// <summary>A middleware that does nothing.</summary>
public sealed class PassingMiddleware : IEventMiddleware
{
    /// <inheritdoc/>
    public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => next.InvokeAsync(cancellationToken);
}
