namespace Carillon.Transports.InMemory;

/// <summary>The dead letters of an in-memory broker.</summary>
internal sealed class InMemoryDeadLetters(InMemoryBroker broker) : ITransportDeadLetters
{
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(string key, int take, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return new(broker.Find(key)?.ListDead(take) ?? []);
    }

    public ValueTask<int> ReplayAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(broker.Find(key)?.TakeDead(ids, replay: true) ?? 0);
    }

    public ValueTask<int> DiscardAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(broker.Find(key)?.TakeDead(ids, replay: false) ?? 0);
    }
}
