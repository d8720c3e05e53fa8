using System.Collections.Concurrent;
using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Notes the names of queues, before anything is written to them, by which others find them. In a transaction of its own: in that of the application, everybody who
/// writes to a new queue would wait for whoever was first.
/// </summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class KnownQueues(StoreRunner runner)
{
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    internal ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        for (var i = 0; i < deliveries.Count; i++)
        {
            if (!_known.ContainsKey(deliveries[i].Queue))
            {
                return AddUnknownAsync(deliveries, cancellationToken);
            }
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask AddUnknownAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        var names = deliveries.Select(delivery => delivery.Queue).Where(name => !_known.ContainsKey(name)).Distinct().ToList();
        await runner.ListAsync(
            $"note the queue '{names[0]}'",
            () => StoreCommand.Create(InsertSql.AddQueues, runner.Schema).With(names.Select(name => StoredText.Write(name))),
            static row => row.GetString(0),
            cancellationToken).ConfigureAwait(false);
        names.ForEach(name => _known.TryAdd(name, true));
    }
}
