using System.Globalization;
using Carillon.Benchmarks.Report;

namespace Carillon.Benchmarks.Patterns;

/// <summary>What was measured, by its name, and what it comes to.</summary>
/// <param name="only">Part of the name of what is to be measured; null for all.</param>
internal sealed class Figures(string? only)
{
    private readonly Dictionary<string, List<double>> _figures = [];
    private readonly List<double> _ratios = [];

    internal bool IsMeant(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);

    internal async Task MeasureAsync(string name, Func<Task<double>> measure)
    {
        if (!IsMeant(name))
        {
            return;
        }

        if (!_figures.TryGetValue(name, out var values))
        {
            _figures.Add(name, values = []);
        }

        values.Add(await measure());
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {values[^1]:0}"));
    }

    internal void PrintTable()
    {
        var table = new TextTable("patterns", "a second", "slowest", "fastest");
        foreach (var (name, values) in _figures)
        {
            table.Add(name, Text(Statistics.Median(values)), Text(values.Min()), Text(values.Max()));
        }

        table.Print();
    }

    internal void Print(string ratio, string name, string reference, double limit)
    {
        if (_figures.TryGetValue(name, out var ours) && _figures.TryGetValue(reference, out var theirs))
        {
            var value = Statistics.Median(ours) / Statistics.Median(theirs);
            _ratios.Add(value);
            Ratio.AtLeast(ratio, value, limit);
        }
    }

    /// <summary>Of several databases the one that does worst.</summary>
    internal void PrintLowest(string ratio, double limit)
    {
        if (_ratios.Count > 0)
        {
            Ratio.AtLeast(ratio, _ratios.Min(), limit);
            _ratios.Clear();
        }
    }

    private static string Text(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
