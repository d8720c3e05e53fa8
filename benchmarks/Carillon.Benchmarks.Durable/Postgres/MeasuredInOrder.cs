using System.Globalization;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>The same with a key, of which there are ten thousand.</summary>
[Event("measured.in-order")]
public sealed record MeasuredInOrder(int Number, string Body) : IKeyedEvent
{
    private const int Keys = 10_000;

    /// <inheritdoc/>
    public string? Key => (Number % Keys).ToString(CultureInfo.InvariantCulture);
}
