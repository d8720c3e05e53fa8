namespace Carillon.Transports;

/// <summary>A receiver that is receiving. Disposing it stops it, however long that takes.</summary>
/// <threadsafety>Safe for concurrent use. Stopping twice is stopping once.</threadsafety>
public interface ITransportSubscription : IAsyncDisposable
{
    /// <summary>
    /// Stops: nothing new is handed over, what is being handled ends and is acknowledged, and what waits on this side goes back to others, uncounted. Completes when all
    /// of that has happened. A temporary subscription is gone then.
    /// </summary>
    /// <param name="deadline">
    /// Cancelled when the time is over: the tokens of what is still being handled are cancelled, and what does not end then is left to come again, uncounted.
    /// </param>
    ValueTask StopAsync(CancellationToken deadline);
}
