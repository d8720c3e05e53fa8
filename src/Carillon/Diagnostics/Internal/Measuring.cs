using System.Diagnostics.Metrics;

namespace Carillon.Diagnostics.Internal;

/// <summary>A histogram that whoever reads it cannot make fail.</summary>
internal readonly struct Measuring<T>(Histogram<T> histogram)
    where T : struct
{
    internal bool IsEnabled => histogram.Enabled;

    internal void Record(T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            histogram.Record(value, tags);
        }
#pragma warning disable CA1031 // Whoever watches must not disturb what is watched.
        catch (Exception)
#pragma warning restore CA1031
        {
            // A number is missing.
        }
    }
}
