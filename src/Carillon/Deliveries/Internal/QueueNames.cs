namespace Carillon.Deliveries.Internal;

/// <summary>The queues of which something was said in configuration.</summary>
internal sealed class QueueNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    internal IReadOnlyCollection<string> All => _names;

    internal void Add(string queue) => _names.Add(queue);
}
