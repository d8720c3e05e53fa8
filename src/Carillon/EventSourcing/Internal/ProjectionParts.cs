using Carillon.Diagnostics.Internal;
using Carillon.Retries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.EventSourcing.Internal;

/// <summary>What every runner of a projection needs.</summary>
internal sealed class ProjectionParts(
    StreamSlot slot,
    EventReading reading,
    ProjectionBatch batch,
    AppendSignal appended,
    IOptions<EventStoreOptions> options,
    IOptions<RetryOptions> retries,
    JitterSource jitter,
    TimeProvider time,
    Loggers loggers)
{
    internal StreamSlot Slot => slot;

    internal EventReading Reading => reading;

    internal ProjectionBatch Batch => batch;

    /// <summary>Something was appended in this process.</summary>
    internal AppendSignal Appended => appended;

    /// <summary>A projection has come on in this process, or somebody has changed how it is.</summary>
    internal AppendSignal Changed { get; } = new();

    internal EventStoreOptions Options => options.Value;

    internal TimeProvider Time => time;

    internal ILogger Logger { get; } = loggers.EventStore;

    /// <summary>This process, among those that share the store.</summary>
    internal string Owner { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";

    internal JitterSource Jitter => jitter;

    internal RetryPolicy RetriesOf(ProjectionSetup projection) => new(retries.Value, projection.Name, projection.Options.MaxAttempts, jitter.Next);
}
