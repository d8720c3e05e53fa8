using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Events;

/// <summary>Which types of a compilation are entities: by what Entity Framework or annotations say of them, or by their shape.</summary>
internal sealed class Entities(Compilation compilation)
{
    private readonly Lazy<HashSet<ISymbol>> _sets = new(() => FindSets(compilation));

    /// <summary>The entity and what makes it one; null for any other type.</summary>
    internal (INamedTypeSymbol Entity, string Reason)? WhyEntity(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } named && Reason(named) is { } reason ? (named, reason) : null;

    private string? Reason(INamedTypeSymbol type) =>
        HasAttribute(type, "Table") || HasAttribute(type, "PrimaryKey") ? "it is mapped to a table"
        : Properties(type).Any(property => HasAttribute(property, "Key")) ? "it has a key"
        : Navigation(type) is { } navigation ? $"it has an id and leads on to others by '{navigation.Name}'"
        : _sets.Value.Contains(type) ? "a DbSet holds it"
        : null;

    private static bool HasAttribute(ISymbol symbol, string name) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == name + "Attribute"
        && attribute.AttributeClass.ContainingNamespace.ToDisplayString() is var place
        && (place.StartsWith("System.ComponentModel.DataAnnotations", StringComparison.Ordinal) || place.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)));

    // A record is a value that somebody made for the event. A class with an id that leads to another one with an id is a graph.
    private static IPropertySymbol? Navigation(INamedTypeSymbol type) =>
        !type.IsRecord && HasId(type)
            ? Properties(type).FirstOrDefault(property =>
                ElementType.Of(property.Type) is INamedTypeSymbol { TypeKind: TypeKind.Class, SpecialType: SpecialType.None, IsRecord: false } other && HasId(other))
            : null;

    private static bool HasId(INamedTypeSymbol type) =>
        Properties(type).Any(property => property.Name is "Id" or "ID" || property.Name == type.Name + "Id");

    private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IPropertySymbol { IsStatic: false, IsIndexer: false } property)
                {
                    yield return property;
                }
            }
        }
    }

    // Looked for once, and only where Entity Framework is referenced.
    private static HashSet<ISymbol> FindSets(Compilation compilation)
    {
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        if (compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbSet`1") is not { } set)
        {
            return found;
        }

        var namespaces = new Stack<INamespaceOrTypeSymbol>([compilation.Assembly.GlobalNamespace]);
        while (namespaces.Count > 0)
        {
            foreach (var member in namespaces.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner)
                {
                    namespaces.Push(inner);
                }
                else if (member is IPropertySymbol { Type: INamedTypeSymbol type } && SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, set))
                {
                    found.Add(type.TypeArguments[0]);
                }
            }
        }

        return found;
    }
}
