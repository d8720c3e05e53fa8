using Carillon;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Module;

/// <summary>One of each kind: what is written for them is all that can be written.</summary>
internal sealed class ParcelListeners(Protocol protocol)
{
    [OnEvent(Priority = EventPriority.High, Before = ["ParcelListeners.Weigh"])]
    internal async Task Send(ParcelSent e, [FromKeyedServices("blue")] string? blue, Version? version = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        protocol.Add($"module {e.Number} {blue ?? "-"} {version?.ToString() ?? "-"}");
    }

    [OnEvent]
    internal async ValueTask<int> Weigh(ParcelSent e)
    {
        await Task.Yield();
        protocol.Add("module weighs");
        return e.Number;
    }

    [OnEvent]
    internal void Move(in ParcelMoved e) => protocol.Add($"module {e.Row}");

    [OnEvent]
    internal async Task Open(ParcelOpened e, IEventDispatcher events, CancellationToken cancellationToken) =>
        await events.DispatchAsync(new ParcelMoved(e.Number), cancellationToken);

    [OnEvent]
    internal void Opened(ParcelOpened e) => protocol.Add($"module opens {e.Number}");

    [OnEvent(Delivery.Background, Priority = 2)]
    internal void Later(ParcelMoved e) => _ = protocol;

    [OnEvent(Errors = ListenerErrors.Log)]
    internal string Change(ParcelChanged<int> e, EventContext context)
    {
        protocol.Add($"module {context.EventName} {e.Item}");
        return "changed";
    }

    [OnEvent]
    internal static void ChangeText(ParcelChanged<string> e, Protocol protocol) => protocol.Add($"module {e.Item}");
}
