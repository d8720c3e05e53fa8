using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Events;

/// <summary>What a property holds, one or many.</summary>
internal static class ElementType
{
    internal static ITypeSymbol Of(ITypeSymbol type) => Collection(type) ?? type;

    internal static bool IsCollection(ITypeSymbol type) => Collection(type) is not null;

    // Of a dictionary, the values.
    private static ITypeSymbol? Collection(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return array.ElementType;
        }

        if (type.SpecialType == SpecialType.System_String || type is not INamedTypeSymbol named)
        {
            return null;
        }

        var sequence = Sequence(named) ? named : named.AllInterfaces.FirstOrDefault(Sequence);
        var element = sequence?.TypeArguments[0];
        return element is INamedTypeSymbol { Name: "KeyValuePair", Arity: 2 } pair ? pair.TypeArguments[1] : element;
    }

    private static bool Sequence(INamedTypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T;
}
