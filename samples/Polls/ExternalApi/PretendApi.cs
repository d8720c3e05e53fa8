namespace Polls.ExternalApi;

/// <summary>How the pretend API answers.</summary>
public enum PretendApiMode
{
    Works,
    Slow,
    Fails,
}

/// <summary>Stands for somebody else's service, so that one can see what happens when it is down. Forgets everything with the process.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PretendApi(TimeProvider clock)
{
    private const int Kept = 50;
    private readonly Lock _lock = new();

    // Under _lock, newest first.
    private readonly LinkedList<ReceivedNotification> _received = [];
    private long _refused;

    public PretendApiMode Mode { get; set; }

    public long Refused => Interlocked.Read(ref _refused);

    public IReadOnlyList<ReceivedNotification> Received()
    {
        lock (_lock)
        {
            return [.. _received];
        }
    }

    /// <returns>Whether the notification was accepted.</returns>
    public async Task<bool> ReceiveAsync(PollNotification notification, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (Mode == PretendApiMode.Fails)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }

        if (Mode == PretendApiMode.Slow)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), clock, cancellationToken);
        }

        Keep(notification, idempotencyKey);
        return true;
    }

    private void Keep(PollNotification notification, string? idempotencyKey)
    {
        lock (_lock)
        {
            var again = idempotencyKey is not null && _received.Any(earlier => earlier.IdempotencyKey == idempotencyKey);
            _received.AddFirst(new ReceivedNotification(notification, idempotencyKey, clock.GetUtcNow(), again));
            if (_received.Count > Kept)
            {
                _received.RemoveLast();
            }
        }
    }
}

/// <param name="Notification">What came.</param>
/// <param name="IdempotencyKey">By which a second one is known.</param>
/// <param name="At">When it came.</param>
/// <param name="Again">Whether it had come before: at least once means that it can.</param>
internal sealed record ReceivedNotification(PollNotification Notification, string? IdempotencyKey, DateTimeOffset At, bool Again);
