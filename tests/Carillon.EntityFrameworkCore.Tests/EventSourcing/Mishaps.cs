using Carillon.EventSourcing;

namespace Carillon.EntityFrameworkCore.Tests.EventSourcing;

/// <summary>What a test has happen to it, and whether its context was in the transaction of the projection.</summary>
public sealed class Mishaps
{
    public List<bool> Shared { get; } = [];

    public Func<OrderPlaced, ProjectionRun, Sales, Task>? OnTaken { get; set; }

    public Func<ProjectionRun, Task>? OnSaved { get; set; }

    public Task MeetAsync(OrderPlaced e, ProjectionRun run, Sales sales) => OnTaken?.Invoke(e, run, sales) ?? Task.CompletedTask;

    public Task SavedAsync(ProjectionRun run) => OnSaved?.Invoke(run) ?? Task.CompletedTask;
}
