using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Cancels the token of an attempt that takes longer than its listener may, and names the listener.</summary>
internal sealed class AttemptTimer : IDisposable
{
    private readonly HeldDelivery _held;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    private AttemptTimer(HeldDelivery held, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _held = held;
        _timeout = timeout;
        _logger = logger;
        _timer = time.CreateTimer(static timer => ((AttemptTimer)timer!).GoOff(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <returns>Null if the listener may take any time.</returns>
    internal static AttemptTimer? Start(HeldDelivery held, TimeSpan? timeout, TimeProvider time, ILogger logger) =>
        timeout is { } limit ? new AttemptTimer(held, limit, time, logger) : null;

    public void Dispose() => _timer.Dispose();

    private void GoOff()
    {
        if (_held.TimeOut())
        {
            Log.AttemptTimedOut(_logger, _held.Delivery.ListenerId, _held.Delivery.Envelope.EventName, _held.Delivery.Envelope.Id, _timeout);
        }
    }
}
