using Carillon.Hosting;

namespace Carillon.Deliveries.Internal;

/// <summary>What was said of a queue, with what was said of all where nothing was said of it.</summary>
internal sealed record LaneSettings(string Queue, int MaxConcurrency, int BatchSize, int Limit, TimeSpan LeaseDuration, TimeSpan KeepCompleted)
{
    internal static LaneSettings Of(string queue, WorkerOptions worker, QueueOptions options) => new(
        queue,
        options.MaxConcurrency ?? worker.MaxConcurrency,
        worker.BatchSize,
        options.Limit,
        options.LeaseDuration ?? worker.LeaseDuration,
        options.KeepCompleted ?? worker.KeepCompleted);
}
