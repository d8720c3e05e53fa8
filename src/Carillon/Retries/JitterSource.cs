namespace Carillon.Retries;

/// <summary>Where the randomness of back-off comes from. A test registers one with a seed.</summary>
internal sealed class JitterSource(Random random)
{
    private readonly Lock _gate = new();

    internal double Next()
    {
        lock (_gate)
        {
            return random.NextDouble();
        }
    }
}
