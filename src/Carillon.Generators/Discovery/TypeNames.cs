using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Discovery;

/// <summary>Types and members as they are written in generated code, whatever the consumer's usings, keywords and look-alike names.</summary>
internal static class TypeNames
{
    // A tuple is written as the struct it is, so that one type has one name whatever its elements are called.
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    // Without the @ before keywords.
    private static readonly SymbolDisplayFormat Plain = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    internal static string Of(ITypeSymbol type) => type.TypeKind == TypeKind.Dynamic ? "object" : type.ToDisplayString(Format);

    /// <summary>The full name, as reflection gives it. Null for a generic type, whose name has those of its arguments in it, with their assemblies' versions.</summary>
    internal static string? Reflection(INamedTypeSymbol type)
    {
        var name = type.MetadataName;
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.Arity > 0)
            {
                return null;
            }

            name = outer == (object)type ? name : $"{outer.MetadataName}+{name}";
        }

        return type.ContainingNamespace.IsGlobalNamespace ? name : $"{type.ContainingNamespace.ToDisplayString(Plain)}.{name}";
    }

    internal static string Escape(string identifier) =>
        SyntaxFacts.GetKeywordKind(identifier) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(identifier) != SyntaxKind.None
            ? $"@{identifier}"
            : identifier;

    /// <summary>The name without namespace, arity and containing types, as reflection gives it.</summary>
    internal static string Simple(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Simple(array.ElementType),
        INamedTypeSymbol { TupleUnderlyingType: { } underlying } => underlying.Name,
        { TypeKind: TypeKind.Dynamic } => nameof(Object),
        _ => type.Name,
    };
}
