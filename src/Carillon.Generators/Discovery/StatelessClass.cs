using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>
/// Which listener classes can be singletons without anybody noticing: those that take nothing from a scope and carry nothing that changes from
/// one call to the next.
/// </summary>
internal static class StatelessClass
{
    internal static bool Is(INamedTypeSymbol type, Compilation compilation) =>
        TakesNothing(type) && Hierarchy(type).All(current => IsKnown(current, compilation) && current.GetMembers().OfType<IFieldSymbol>().All(NeverChanges));

    private static bool TakesNothing(INamedTypeSymbol type) => type.InstanceConstructors.All(constructor =>
        constructor.Parameters.IsEmpty
        // The copy constructor of a record.
        || (constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 1));

    // The private fields of a class from another assembly are not in its reference assembly, so nothing can be said of it.
    private static bool IsKnown(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly);

    // The fields behind properties and events are among them. A readonly list is a list: only what cannot change itself counts.
    private static bool NeverChanges(IFieldSymbol field) =>
        field.IsStatic || (field.IsReadOnly && (field.Type.TypeKind == TypeKind.Enum || IsImmutable(field.Type.SpecialType)));

    private static bool IsImmutable(SpecialType type) =>
        type is SpecialType.System_String or (>= SpecialType.System_Boolean and <= SpecialType.System_Double);

    private static IEnumerable<INamedTypeSymbol> Hierarchy(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            yield return current;
        }
    }
}
