namespace Carillon.Transports.Internal;

/// <summary>A receiver that was begun at run time.</summary>
internal sealed class RunningReceiver(ITransportSubscription subscription, TransportWork work) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await subscription.DisposeAsync().ConfigureAwait(false);
        work.Forget(subscription);
    }
}
