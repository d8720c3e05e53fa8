namespace Carillon.Retries;

/// <summary>Where the randomness of back-off comes from. A test that repeats its runs sets <see cref="RetryOptions.Random"/>.</summary>
internal sealed class JitterSource(Func<double> random)
{
    private readonly Lock _gate = new();

    internal double Next()
    {
        lock (_gate)
        {
            return random();
        }
    }
}
