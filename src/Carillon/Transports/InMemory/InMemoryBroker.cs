namespace Carillon.Transports.InMemory;

/// <summary>The queues of all subscriptions, and which events go to which.</summary>
internal sealed class InMemoryBroker(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, InMemoryQueue> _durable = new(StringComparer.Ordinal);
    private readonly List<InMemoryQueue> _temporary = [];

    internal InMemoryInHand InHand { get; } = new();

    /// <returns>Whether a queue has taken it.</returns>
    internal bool Publish(OutgoingEvent outgoing)
    {
        // The caller's memory is the caller's again when this returns.
        ReadOnlyMemory<byte> body = outgoing.Body.ToArray();
        var routed = false;
        lock (_lock)
        {
            foreach (var queue in _durable.Values)
            {
                routed |= Offer(queue);
            }

            foreach (var queue in _temporary)
            {
                routed |= Offer(queue);
            }
        }

        return routed;

        bool Offer(InMemoryQueue queue)
        {
            if (queue.Subscription?.Wants(outgoing.EventName) != true)
            {
                return false;
            }

            queue.Add(new InMemoryMessage(outgoing, body));
            return true;
        }
    }

    internal InMemoryReceiver Subscribe(TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle)
    {
        lock (_lock)
        {
            InMemoryQueue? queue;
            if (subscription.Key is not { } key)
            {
                _temporary.Add(queue = new InMemoryQueue(key: null, time, InHand));
            }
            else if (!_durable.TryGetValue(key, out queue))
            {
                _durable.Add(key, queue = new InMemoryQueue(key, time, InHand));
            }

            return queue.Attach(subscription, handle, queue.Key is null ? Remove : null);
        }
    }

    internal InMemoryQueue? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_lock)
        {
            return _durable.GetValueOrDefault(key);
        }
    }

    internal bool Delete(string key)
    {
        lock (_lock)
        {
            if (!_durable.TryGetValue(key, out var queue))
            {
                return false;
            }

            if (queue.HasReceivers)
            {
                throw new TransportException($"The subscription '{key}' cannot be deleted while somebody receives from it. Stop its receivers first.");
            }

            _durable.Remove(key);
            queue.Close();
            return true;
        }
    }

    private void Remove(InMemoryQueue queue)
    {
        lock (_lock)
        {
            _temporary.Remove(queue);
        }

        queue.Close();
    }
}
