using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>What generated code, which is another file of the same assembly, can name.</summary>
internal static class Accessibility
{
    internal static bool IsReachable(ISymbol symbol, Compilation compilation) =>
        compilation.IsSymbolAccessibleWithin(symbol, compilation.Assembly) && !IsFileLocal(symbol);

    private static bool IsFileLocal(ISymbol symbol) => symbol switch
    {
        // It is contained in the type whose parameter it is: asking that one would come back here.
        ITypeParameterSymbol => false,
        IArrayTypeSymbol array => IsFileLocal(array.ElementType),
        INamedTypeSymbol type => type.IsFileLocal || type.TypeArguments.Any(IsFileLocal) || IsInFileLocal(type),
        _ => IsInFileLocal(symbol),
    };

    private static bool IsInFileLocal(ISymbol symbol) => symbol.ContainingType is { } container && IsFileLocal(container);
}
