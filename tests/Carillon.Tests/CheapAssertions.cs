namespace Carillon.Tests;

internal static class CheapAssertions
{
    /// <summary>Asserts without allocating, for tests that count bytes.</summary>
    internal static void ShouldBeTrueCheaply(this bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("Expected true.");
        }
    }
}
