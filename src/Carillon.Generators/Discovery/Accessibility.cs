using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>What generated code, which is another file of the same assembly, can name.</summary>
internal static class Accessibility
{
    internal static bool IsReachable(ISymbol symbol, Compilation compilation) =>
        compilation.IsSymbolAccessibleWithin(symbol, compilation.Assembly) && !IsFileLocal(symbol);

    private static bool IsFileLocal(ISymbol symbol)
    {
        for (var type = symbol as INamedTypeSymbol ?? symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal || type.TypeArguments.Any(IsFileLocal))
            {
                return true;
            }
        }

        return symbol is IArrayTypeSymbol array && IsFileLocal(array.ElementType);
    }
}
