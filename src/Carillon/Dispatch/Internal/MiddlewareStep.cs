using Carillon.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>One middleware around a dispatch. The plan inside may be a generated one, which knows nothing of it.</summary>
/// <param name="eventName">The name of the event.</param>
/// <param name="kept">The middleware; null if each scope has its own.</param>
/// <param name="service">The type under which the scope has it.</param>
/// <param name="next">The middleware after it, or the plan that calls the listeners.</param>
internal sealed class MiddlewareStep(string eventName, IEventMiddleware? kept, Type? service, EventPlan next) : EventPlan
{
    internal string EventName => eventName;

    internal IEventMiddleware? Kept => kept;

    internal override bool IsEmpty => next.IsEmpty;

    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        (kept ?? Resolve(scope)).InvokeAsync(@event, new EventNext(this, @event, scope), cancellationToken);

    internal ValueTask NextAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) => next.InvokeObjectAsync(@event, scope, cancellationToken);

    internal bool TryWatchEnd(object @event, DispatchScope scope, Action<Delivery> tell)
    {
        var (dispatcher, options) = scope is ResultScope forResults ? (forResults.Dispatcher, forResults.Options) : ((EventDispatcher)scope, null);
        if (dispatcher.FindWork(options) is not { } work)
        {
            return false;
        }

        EndWatch.Add(work, dispatcher, @event, eventName, tell);
        return true;
    }

    private IEventMiddleware Resolve(DispatchScope scope) => (IEventMiddleware)scope.Services.GetRequiredService(service!);
}
