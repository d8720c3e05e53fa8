using System.Collections.Concurrent;
using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Notes the names of queues, before anything is written to them, by which others find them. In a transaction of its own: in that of the application, everybody who
/// writes to a new queue would wait for whoever was first.
/// </summary>
/// <remarks>
/// That takes a second connection from a pool whose connections may all be in the hands of those who wait here. So a name is noted once for all of them, and none waits for long: what is written before the
/// name is there is found all the same, only later, by those who poll the queue.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class KnownQueues(StoreRunner runner, TimeProvider time)
{
    private const string ReadNames = "SELECT name FROM {schema}.queues";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    // Under _gate: what is on its way.
    private readonly Dictionary<string, Task> _noting = new(StringComparer.Ordinal);

    /// <summary>Learns which names were noted before: after a start, most are.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        var names = await runner.ListAsync(
            "see which queues there are", () => StoreCommand.Create(ReadNames, runner.Schema), static row => StoredText.Read(row.GetString(0)), cancellationToken).ConfigureAwait(false);
        names.ForEach(name => _known.TryAdd(name, true));
    }

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
        var noting = Task.WhenAll(Note(names));
        try
        {
            await noting.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!noting.IsCompleted)
        {
            // Should it fail, whoever comes next is told.
            _ = noting.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private List<Task> Note(List<string> names)
    {
        lock (_gate)
        {
            var unasked = names.FindAll(name => !_noting.ContainsKey(name));
            if (unasked.Count > 0)
            {
                // Not under the token of a caller, nor in what surrounds him: others wait for it too.
                using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
                var noting = Task.Run(() => NoteAsync(unasked));
                unasked.ForEach(name => _noting.Add(name, noting));
            }

            return names.ConvertAll(name => _noting[name]);
        }
    }

    private async Task NoteAsync(List<string> names)
    {
        try
        {
            await runner.ListAsync(
                $"note the queue '{names[0]}'",
                () => StoreCommand.Create(InsertSql.AddQueues, runner.Schema).With(names.Select(name => StoredText.Write(name))),
                static row => row.GetString(0),
                CancellationToken.None).ConfigureAwait(false);
            names.ForEach(name => _known.TryAdd(name, true));
        }
        finally
        {
            lock (_gate)
            {
                names.ForEach(name => _noting.Remove(name));
            }
        }
    }
}
