using System.Diagnostics.Metrics;
using Carillon.Diagnostics.Internal;

namespace Carillon.EventSourcing.Internal;

/// <summary>How far projections are behind and which have stopped, for whoever collects it. Both gauges are read from one answer of the store.</summary>
internal sealed class ProjectionGauges(Instruments instruments, IProjections projections, TimeProvider time, Loggers loggers)
{
    private const string Paused = "paused";
    private const string Failed = "failed";

    private readonly Collected<IReadOnlyList<ProjectionState>> _states = new(
        _ => projections.ListAsync(CancellationToken.None), "looked how far projections are behind", time, loggers.Worker);

    /// <summary>Called once, by a process that runs projections.</summary>
    internal void Start()
    {
        instruments.ObserveProjectionLag(ReadLag);
        instruments.ObserveProjectionStopped(ReadStopped);
    }

    private IEnumerable<Measurement<long>> ReadLag()
    {
        foreach (var projection in _states.Read() ?? [])
        {
            yield return new Measurement<long>(projection.Lag, NameOf(projection));
        }
    }

    // Each of both says 0 as well: a series that falls silent would go on saying 1 to whoever reads it.
    private IEnumerable<Measurement<int>> ReadStopped()
    {
        foreach (var projection in _states.Read() ?? [])
        {
            yield return Is(projection, ProjectionStatus.Failed, Failed);
            yield return Is(projection, ProjectionStatus.Paused, Paused);
        }
    }

    private static Measurement<int> Is(ProjectionState projection, ProjectionStatus status, string word) =>
        new(projection.Status == status ? 1 : 0, NameOf(projection), new KeyValuePair<string, object?>(Tags.ProjectionStatus, word));

    private static KeyValuePair<string, object?> NameOf(ProjectionState projection) => new(Tags.Projection, projection.Name);
}
