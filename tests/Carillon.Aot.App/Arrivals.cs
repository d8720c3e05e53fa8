namespace Carillon.Aot.App;

/// <summary>How many parcels have come to their end.</summary>
internal sealed class Arrivals
{
    internal SemaphoreSlim Ended { get; } = new(0);
}
