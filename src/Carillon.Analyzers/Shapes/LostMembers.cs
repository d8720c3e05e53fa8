using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Analyzers.Shapes;

/// <summary>What becomes of one member between being written and being read.</summary>
internal static class LostMembers
{
    /// <summary>A fix gives the property an init accessor.</summary>
    internal const string Init = "init";

    /// <summary>A fix marks the member [JsonInclude].</summary>
    internal const string Include = "include";

    private const string No = "";

    /// <summary>Why the member is lost, and which fix is certain; null if it is carried, or of no account.</summary>
    internal static (string Reason, string Mend)? Why(ISymbol member, JsonConstructor constructor) => member switch
    {
        IFieldSymbol { DeclaredAccessibility: Accessibility.Public } field when !JsonAttributes.IsIncluded(field) => ("it is a field, which JSON leaves out", Include),
        IPropertySymbol property => WhyProperty(property, constructor),
        _ => null,
    };

    /// <summary>Whether JSON has anything to do with the member.</summary>
    internal static bool IsState(ISymbol member) =>
        !member.IsStatic && !member.IsImplicitlyDeclared
        && member is IPropertySymbol { IsIndexer: false, ExplicitInterfaceImplementations.IsEmpty: true, GetMethod: not null } or IFieldSymbol { IsConst: false, AssociatedSymbol: null };

    /// <summary>Whether a value of the member is written and read.</summary>
    internal static bool IsCarried(ISymbol member, JsonConstructor constructor) =>
        JsonAttributes.IsIncluded(member)
        || (member is IPropertySymbol { DeclaredAccessibility: Accessibility.Public } property
            && (property.SetMethod?.DeclaredAccessibility == Accessibility.Public || constructor.Takes(property) || JsonAttributes.IsPopulated(property)));

    private static (string Reason, string Mend)? WhyProperty(IPropertySymbol property, JsonConstructor constructor)
    {
        if (JsonAttributes.IsIncluded(property))
        {
            return null;
        }

        if (property.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal)
        {
            return IsStored(property) ? ("it is internal, so JSON leaves it out", Include) : null;
        }

        if (property.DeclaredAccessibility != Accessibility.Public)
        {
            return null;
        }

        if (property.GetMethod!.DeclaredAccessibility != Accessibility.Public)
        {
            return ("its getter is not public, so it is never written", No);
        }

        return IsCarried(property, constructor) || !IsStored(property) ? null
            : property.SetMethod is null ? ("it is written and never read back, for it has no setter and no constructor takes it", CanHaveInit(property) ? Init : No)
            : ("it is written and never read back, for its setter is not public and no constructor takes it", No);
    }

    // What other declarations prescribe cannot have an accessor more, and a getter with a body has nowhere to put a value.
    private static bool CanHaveInit(IPropertySymbol property) =>
        !property.IsOverride && !property.IsVirtual && !property.IsAbstract
        && property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax { AccessorList: not null };

    // A value that is computed from others is written for nothing, and harms nobody.
    private static bool IsStored(IPropertySymbol property) =>
        property.ContainingType.GetMembers().Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
        || (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody.Expression: IdentifierNameSyntax { Identifier.ValueText: var name } }
            && property.ContainingType.GetMembers(name).Any(member => member is IFieldSymbol { IsStatic: false }));
}
