using System.Collections.Concurrent;
using System.Diagnostics;

namespace Carillon.Tests.Diagnostics;

/// <summary>Listens to the spans of Carillon, and keeps those that have ended.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    internal RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Carillon",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    internal IReadOnlyList<Activity> All => [.. _ended];

    internal Activity this[string name] => All.Where(span => span.DisplayName == name).ShouldHaveSingleItem();

    public void Dispose() => _listener.Dispose();
}
