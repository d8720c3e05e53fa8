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
        // Looked up once each: another caller may make a name known at any time.
        List<string>? unknown = null;
        for (var i = 0; i < deliveries.Count; i++)
        {
            var name = deliveries[i].Queue;
            if (!_known.ContainsKey(name) && unknown?.Contains(name) is not true)
            {
                (unknown ??= []).Add(name);
            }
        }

        return unknown is null ? ValueTask.CompletedTask : AddUnknownAsync(unknown, cancellationToken);
    }

    private async ValueTask AddUnknownAsync(List<string> names, CancellationToken cancellationToken)
    {
        await runner.ListAsync(
            $"note the queue '{names[0]}'",
            () => StoreCommand.Create(InsertSql.AddQueues, runner.Schema).With(names.Select(name => StoredText.Write(name))),
            static row => row.GetString(0),
            cancellationToken).ConfigureAwait(false);
        names.ForEach(name => _known.TryAdd(name, true));
    }
}
