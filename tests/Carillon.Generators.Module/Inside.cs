using Carillon;

namespace Acme.Module;

/// <summary>Dispatches the events that only this module knows.</summary>
public static class Inside
{
    /// <summary>Dispatches them.</summary>
    /// <param name="events">The dispatcher of the application.</param>
    /// <param name="protocol">Where one of them writes to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task DispatchAsync(IEventDispatcher events, Protocol protocol, CancellationToken cancellationToken)
    {
        await events.DispatchAsync(new ParcelOpened(9), cancellationToken).ConfigureAwait(false);
        await events.DispatchAsync(new ParcelLost(protocol), cancellationToken).ConfigureAwait(false);
    }
}
