using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Middleware.Internal;

/// <summary>One middleware around one listener.</summary>
/// <param name="listener">The listener.</param>
/// <param name="eventName">The event that it is called with.</param>
/// <param name="kept">The middleware; null if each scope has its own.</param>
/// <param name="service">The type under which the scope has it.</param>
/// <param name="next">The middleware after it, or the listener.</param>
internal sealed class ListenerStep(Listener listener, string eventName, IListenerMiddleware? kept, Type? service, ListenerInvoker next)
{
    internal Listener Listener => listener;

    internal string EventName => eventName;

    internal ListenerInvoker Next => next;

    internal ValueTask InvokeAsync(object @event, in ListenerCall call) =>
        (kept ?? (IListenerMiddleware)call.Services.GetRequiredService(service!)).InvokeAsync(@event, new ListenerNext(this, @event, in call), call.CancellationToken);
}
