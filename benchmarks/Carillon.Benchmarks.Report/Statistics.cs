namespace Carillon.Benchmarks.Report;

/// <summary>What a few measurements come to.</summary>
public static class Statistics
{
    /// <summary>The value in the middle.</summary>
    public static double Median(IEnumerable<double> values) => Percentile(values, 50);

    /// <summary>The value that so many of a hundred do not exceed.</summary>
    public static double Percentile(IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }
}
