namespace Carillon.Benchmarks.Durable;

/// <summary>An event of about 1 KiB as JSON.</summary>
[Event("measured")]
public sealed record Measured(int Number, string Body)
{
    /// <summary>As many letters as make 1 KiB of the whole.</summary>
    internal static readonly string Kibibyte = new('x', 1000);
}
