using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Listeners;

/// <summary>Turns a class that implements <see cref="IListener{TEvent}"/> into a listener.</summary>
internal static class ClassListener
{
    internal static Listener Create<TListener, TEvent>(ListenOptions options)
        where TListener : class, IListener<TEvent>
        where TEvent : notnull =>
        new(
            options.Id ?? typeof(TListener).Name,
            typeof(TEvent),
            static (object @event, in ListenerCall call) =>
                call.Services.GetRequiredService<TListener>().HandleAsync((TEvent)@event, call.CancellationToken),
            options)
        {
            Dependencies = [new ListenerDependency(typeof(TListener))],
        };
}
