using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Types that only unsafe code can write down, which generated code is not.</summary>
internal static class Pointers
{
    internal static bool AreIn(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => true,
        IArrayTypeSymbol array => AreIn(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(AreIn) || (named.ContainingType is { } outer && AreIn(outer)),
        _ => false,
    };
}
