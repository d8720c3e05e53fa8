namespace Carillon.Deliveries.InMemory;

/// <summary>Which messages each consumer has seen. Not thread-safe: the store has the lock.</summary>
internal sealed class InMemoryInbox
{
    private readonly Dictionary<(string Consumer, string MessageId), DateTimeOffset> _seen = [];

    internal bool TryRecord(string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil)
    {
        if (_seen.TryGetValue((consumer, messageId), out var until) && until > now)
        {
            return false;
        }

        _seen[(consumer, messageId)] = keepUntil;
        return true;
    }

    internal bool IsRecorded(string consumer, string messageId, DateTimeOffset now) => _seen.TryGetValue((consumer, messageId), out var until) && until > now;

    internal void Forget(string consumer, string messageId) => _seen.Remove((consumer, messageId));

    internal void Sweep(DateTimeOffset now)
    {
        foreach (var (message, until) in _seen)
        {
            if (until <= now)
            {
                _seen.Remove(message);
            }
        }
    }
}
