using Carillon.EventSourcing;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

/// <summary>What a test has happen to a projection.</summary>
public sealed class Mishaps
{
    /// <summary>Called with the number of a basket, whenever one is filled.</summary>
    public Func<int, ProjectionRun, Task>? OnFilled { get; set; }

    /// <summary>Called in the scope of a batch, whenever a basket was filled.</summary>
    public Func<ProjectionRun, IEventDispatcher, Task>? OnTaken { get; set; }

    public Task MeetAsync(int basket, ProjectionRun run) => OnFilled?.Invoke(basket, run) ?? Task.CompletedTask;
}
