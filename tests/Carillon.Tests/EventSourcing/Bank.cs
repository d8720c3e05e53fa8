using System.Collections.Concurrent;
using Carillon.EventSourcing;

namespace Carillon.Tests.EventSourcing;

public sealed class Bank
{
    public ConcurrentDictionary<(string Projection, int Generation, string Stream), int> Balances { get; } = new();

    public List<string> Heard { get; } = [];

    public List<int> Batches { get; } = [];

    public List<int> Retired { get; } = [];

    public List<int> Activated { get; } = [];

    public Action<ProjectionRun>? OnAdd { get; set; }

    public void Add(ProjectionRun run, int amount)
    {
        OnAdd?.Invoke(run);
        Balances.AddOrUpdate((run.Name, run.Generation, run.Event!.Stream), amount, (_, before) => before + amount);
    }
}
