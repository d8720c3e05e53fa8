using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Generators.Discovery;

/// <summary>
/// Which listener classes need no container: those that take nothing from it, carry nothing that changes from one call to the next, and have nothing
/// to dispose of. Generated code makes one of them for itself, without anybody noticing.
/// </summary>
internal static class StatelessClass
{
    internal static bool Is(INamedTypeSymbol type, Compilation compilation) =>
        !IsDisposable(type)
        && Hierarchy(type).All(current => IsKnown(current, compilation) && TakesNothing(current) && current.GetMembers().All(member => !IsRequired(member) && IsTheSameInAll(member, compilation)));

    /// <summary>Whether it has no field either, and so nothing that its constructor would set.</summary>
    internal static bool IsBare(INamedTypeSymbol type, Compilation compilation) =>
        Is(type, compilation) && Hierarchy(type).All(current => current.GetMembers().All(member => member is not IFieldSymbol { IsStatic: false }));

    // The default constructor, and the copy constructor of a record. One that is written down may do something that is seen outside.
    private static bool TakesNothing(INamedTypeSymbol type) => type.InstanceConstructors.All(constructor => constructor.IsImplicitlyDeclared && constructor.Parameters.Length <= 1);

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static bool IsDisposable(INamedTypeSymbol type) => type.AllInterfaces.Any(each =>
        each.SpecialType == SpecialType.System_IDisposable || each.ToDisplayString() == "System.IAsyncDisposable");

    // The private fields of a class from another assembly are not in its reference assembly, so nothing can be said of it.
    private static bool IsKnown(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly);

    // The fields behind properties and events are among them. A readonly list is a list: only what cannot change itself counts, and what every instance has alike.
    private static bool IsTheSameInAll(ISymbol member, Compilation compilation) =>
        member is not IFieldSymbol field
        || field.IsStatic
        || (field.IsReadOnly
            && (field.Type.TypeKind == TypeKind.Enum || IsImmutable(field.Type.SpecialType))
            && (field.AssociatedSymbol ?? field).DeclaringSyntaxReferences.All(reference => Initializer(reference.GetSyntax()) is not { } value || IsConstant(value, compilation)));

    private static ExpressionSyntax? Initializer(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Initializer.Value: var value } => value,
        PropertyDeclarationSyntax { Initializer.Value: var value } => value,
        _ => null,
    };

    // A time, a number at random or the answer of a service is of the moment when the instance is made: the container makes one for each scope.
    private static bool IsConstant(ExpressionSyntax value, Compilation compilation) => compilation.GetSemanticModel(value.SyntaxTree).GetConstantValue(value).HasValue;

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
