namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What was sent on one channel and is not confirmed, by the numbers that the broker counts it with. Knows no channel and no clock.</summary>
/// <remarks>A ring: numbers come one after the other, and confirmations nearly so. Confirming several at once walks over these and no others.</remarks>
internal sealed class ConfirmWindow(int size)
{
    private readonly PendingPublish?[] _places = new PendingPublish?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size)];

    // Everything below the oldest is confirmed; the first number of a channel is 1.
    private ulong _oldest = 1;
    private ulong _next = 1;

    /// <summary>From the oldest that is not confirmed to the newest.</summary>
    internal int Count => (int)(_next - _oldest);

    internal bool IsFull => Count >= size;

    internal PendingPublish? Oldest => Count == 0 ? null : _places[Place(_oldest)];

    internal void Add(PendingPublish pending) => _places[Place(_next++)] = pending;

    /// <summary>Takes out what is confirmed with a number: that one, or all up to it.</summary>
    /// <param name="number">The number that the broker says.</param>
    /// <param name="multiple">Whether all below it are confirmed as well.</param>
    /// <param name="taken">Where to put them.</param>
    internal void Confirm(ulong number, bool multiple, List<PendingPublish> taken)
    {
        if (number < _oldest || number >= _next)
        {
            return;
        }

        for (var each = multiple ? _oldest : number; each <= number; each++)
        {
            ref var place = ref _places[Place(each)];
            if (place is { } pending)
            {
                place = null;
                taken.Add(pending);
            }
        }

        while (_oldest < _next && _places[Place(_oldest)] is null)
        {
            _oldest++;
        }
    }

    /// <summary>Takes out everything: nothing of this channel will be confirmed any more.</summary>
    internal void TakeAll(List<PendingPublish> taken)
    {
        if (Count > 0)
        {
            Confirm(_next - 1, multiple: true, taken);
        }
    }

    /// <summary>Notes that the broker has given one back since nobody wants it: its confirmation comes later.</summary>
    /// <remarks>An id alone does not tell which: two subscriptions may both send the same event on, each to a queue of its own.</remarks>
    internal void Return(string exchange, string routingKey, string messageId)
    {
        for (var each = _oldest; each < _next; each++)
        {
            if (_places[Place(each)] is { IsUnrouted: false } pending && pending.MessageId == messageId && pending.RoutingKey == routingKey && pending.Exchange == exchange)
            {
                pending.IsUnrouted = true;
                return;
            }
        }
    }

    /// <summary>Those that were handed over before a time, the oldest first.</summary>
    internal IEnumerable<PendingPublish> Before(long time)
    {
        for (var each = _oldest; each < _next; each++)
        {
            if (_places[Place(each)] is { } pending)
            {
                if (pending.Since > time)
                {
                    yield break;
                }

                yield return pending;
            }
        }
    }

    private int Place(ulong number) => (int)(number & (ulong)(_places.Length - 1));
}
