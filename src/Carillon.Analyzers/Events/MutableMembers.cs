using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Events;

/// <summary>What can be changed of an event from outside, once it is made.</summary>
internal static class MutableMembers
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat;

    internal static IReadOnlyList<(ISymbol Symbol, string Reason)> Of(ITypeSymbol type)
    {
        var found = new List<(ISymbol Symbol, string Reason)>();
        var interfaces = type.TypeKind == TypeKind.Interface ? type.AllInterfaces : [];
        foreach (var current in Hierarchy(type).Concat(interfaces))
        {
            foreach (var member in current.GetMembers())
            {
                if (!member.IsStatic && IsSeen(member.DeclaredAccessibility) && Reason(member) is { } reason && !found.Exists(other => other.Symbol.Name == member.Name))
                {
                    found.Add((member, reason));
                }
            }
        }

        return found;
    }

    private static IEnumerable<ITypeSymbol> Hierarchy(ITypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not SpecialType.System_Object and not SpecialType.System_ValueType }; current = current.BaseType)
        {
            yield return current;
        }
    }

    private static string? Reason(ISymbol member) => member switch
    {
        IPropertySymbol { IsIndexer: false } property when CanBeSet(property) => $"'{property.Name}' can be set",
        IPropertySymbol { IsIndexer: false } property when IsMutableCollection(property.Type) => IsA(property, property.Type),
        IFieldSymbol { IsConst: false, AssociatedSymbol: null } field when !field.IsReadOnly && !IsCopied(field) => $"'{field.Name}' is a field that can be set",
        IFieldSymbol { IsConst: false, AssociatedSymbol: null } field when IsMutableCollection(field.Type) => IsA(field, field.Type),
        _ => null,
    };

    private static string IsA(ISymbol member, ITypeSymbol type) => $"'{member.Name}' is a '{type.ToDisplayString(Format)}'";

    // Being stopped is what the one settable property of a stoppable event is for.
    private static bool CanBeSet(IPropertySymbol property) =>
        property.SetMethod is { IsInitOnly: false } setter && IsSeen(setter.DeclaredAccessibility) && property.Name != "IsPropagationStopped" && !IsCopied(property);

    // Every listener of a struct gets a copy of its own.
    private static bool IsCopied(ISymbol member) => member.ContainingType.IsValueType;

    private static bool IsSeen(Microsoft.CodeAnalysis.Accessibility accessibility) =>
        accessibility is Microsoft.CodeAnalysis.Accessibility.Public or Microsoft.CodeAnalysis.Accessibility.Internal or Microsoft.CodeAnalysis.Accessibility.ProtectedOrInternal;

    private static bool IsMutableCollection(ITypeSymbol type) =>
        type is IArrayTypeSymbol
        || (type is INamedTypeSymbol named
            && named.ContainingNamespace?.ToDisplayString() is "System.Collections" or "System.Collections.Generic" or "System.Collections.ObjectModel" or "System.Collections.Concurrent"
            && !type.Name.StartsWith("ReadOnly", StringComparison.Ordinal)
            && !type.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
            && type.GetMembers().Concat(type.AllInterfaces.SelectMany(each => each.GetMembers()))
                .Any(member => member is IMethodSymbol { Name: "Add" or "Enqueue" or "Push" or "TryAdd", DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public }));
}
