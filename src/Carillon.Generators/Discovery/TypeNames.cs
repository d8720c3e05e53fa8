using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Discovery;

/// <summary>Types and members as they are written in generated code, whatever the consumer's usings, keywords and look-alike names.</summary>
internal static class TypeNames
{
    // A tuple is written as the struct it is, so that one type has one name whatever its elements are called.
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    internal static string Of(ITypeSymbol type) => type.TypeKind == TypeKind.Dynamic ? "object" : type.ToDisplayString(Format);

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
