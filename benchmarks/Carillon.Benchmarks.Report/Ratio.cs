using System.Globalization;

namespace Carillon.Benchmarks.Report;

/// <summary>The lines that other programs read: <c>ratio NAME VALUE</c>. What follows the value is for people.</summary>
public static class Ratio
{
    public static void AtMost(string name, double value, double limit) => Print(name, value, value <= limit, $"at most {Text(limit)}");

    public static void AtLeast(string name, double value, double limit) => Print(name, value, value >= limit, $"at least {Text(limit)}");

    /// <summary>A number that is counted, not measured.</summary>
    public static void Count(string name, int value, int limit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value}    (at most {limit}: {(value <= limit ? "met" : "missed")})"));

    public static void PrintBytes(string name, long ours, long reference) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bytes {name} {ours}    (reference {reference})"));

    /// <summary>A ratio that is good to know and has no target.</summary>
    public static void Untargeted(string name, double value, string remark) => Console.WriteLine($"ratio {name} {Text(value)}    ({remark})");

    private static void Print(string name, double value, bool met, string target) =>
        Console.WriteLine($"ratio {name} {Text(value)}    ({target}: {(met ? "met" : "missed")})");

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
