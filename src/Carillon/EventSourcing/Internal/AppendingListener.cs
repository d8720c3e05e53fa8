using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EventSourcing.Internal;

/// <summary>Makes the listener that appends whatever it takes.</summary>
internal static class AppendingListener
{
    internal static Listener Create<TEvent>(Func<TEvent, string> stream, CarillonSetup setup, Action<ListenOptions>? configure)
        where TEvent : notnull
    {
        var options = new ListenOptions();
        configure?.Invoke(options);
        setup.AddEventType(typeof(TEvent), options.Pattern);
        return new Listener(
            options.Id ?? setup.FreeListenerId($"EventStore({typeof(TEvent).Name})"),
            typeof(TEvent),
            (object @event, in ListenerCall call) =>
                call.Services.GetRequiredService<EventStore>().AppendDispatchedAsync(stream((TEvent)@event), @event, call.Context!),
            options)
        {
            NeedsContext = true,
            Dependencies = [new ListenerDependency(typeof(EventStore))],
        };
    }
}
