using System.Diagnostics.Metrics;

namespace Carillon.Diagnostics.Internal;

/// <summary>A counter that whoever reads it cannot make fail.</summary>
internal readonly struct Counting(Counter<long> counter)
{
    internal bool IsEnabled => counter.Enabled;

    internal void Add(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(count, tags);
        }
#pragma warning disable CA1031 // Whoever watches must not disturb what is watched.
        catch (Exception)
#pragma warning restore CA1031
        {
            // A number is missing.
        }
    }
}
