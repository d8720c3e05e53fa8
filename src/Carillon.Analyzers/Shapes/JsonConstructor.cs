using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Shapes;

/// <summary>The constructor by which JSON makes an object, found as System.Text.Json finds it.</summary>
internal sealed class JsonConstructor
{
    private readonly IMethodSymbol? _constructor;

    private JsonConstructor(IMethodSymbol? constructor, string? fault)
    {
        _constructor = constructor;
        Fault = fault;
    }

    /// <summary>Why nothing can be made with it; null if it works.</summary>
    internal string? Fault { get; }

    internal static JsonConstructor Of(INamedTypeSymbol type)
    {
        var marked = type.InstanceConstructors.FirstOrDefault(JsonAttributes.IsConstructor);
        if (marked is not null)
        {
            return Check(marked, type);
        }

        if (type.IsValueType || type.IsAbstract)
        {
            return new JsonConstructor(null, null);
        }

        var usable = type.InstanceConstructors.Where(each => each.DeclaredAccessibility == Accessibility.Public && !IsCopy(each, type)).ToList();
        return usable.FirstOrDefault(each => each.Parameters.IsEmpty) is { } empty ? new JsonConstructor(empty, null)
            : usable.Count == 1 ? Check(usable[0], type)
            : new JsonConstructor(null, usable.Count == 0 ? "it has no public constructor" : "it has several constructors with parameters, and none is marked [JsonConstructor]");
    }

    /// <summary>Whether it takes the value of the member.</summary>
    internal bool Takes(ISymbol member) => _constructor?.Parameters.Any(parameter => IsFor(parameter, member)) == true;

    private static JsonConstructor Check(IMethodSymbol constructor, INamedTypeSymbol type)
    {
        var lost = constructor.Parameters.FirstOrDefault(parameter => !Members(type).Any(member => IsFor(parameter, member)));
        return new JsonConstructor(constructor, lost is null ? null : $"its constructor takes '{lost.Name}', and no property of that name and type is written");
    }

    private static bool IsFor(IParameterSymbol parameter, ISymbol member) =>
        string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase)
        && member switch
        {
            IPropertySymbol property => SymbolEqualityComparer.Default.Equals(property.Type, parameter.Type),
            IFieldSymbol field => SymbolEqualityComparer.Default.Equals(field.Type, parameter.Type),
            _ => false,
        };

    // What is not written is never there for a parameter.
    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (!member.IsStatic && (member is IPropertySymbol { DeclaredAccessibility: Accessibility.Public } || JsonAttributes.IsIncluded(member)))
                {
                    yield return member;
                }
            }
        }
    }

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        type.IsRecord && constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);
}
