using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Carillon.CodeFixes;

/// <summary>Makes a listener internal that generated code cannot reach.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InternalFix))]
[Shared]
public sealed class InternalFix() : ReplacingFix(RuleIds.NotReachable)
{
    private const string Title = "Make the listener internal";

    private protected override async ValueTask<Mend?> FindAsync(CodeFixContext context, SyntaxNode node) =>
        node is MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method
        && await FindSymbolAsync<IMethodSymbol>(context, method).ConfigureAwait(false) is { } symbol
        && IsEnough(symbol)
            ? new Mend(Title, method, SyntaxGenerator.GetGenerator(context.Document).WithAccessibility(method, Accessibility.Internal))
            : null;

    // Derived classes and other parts would have to follow; and a type around it that is hidden would still hide it.
    private static bool IsEnough(IMethodSymbol method)
    {
        if (method.IsVirtual || method.IsOverride || method.IsAbstract || method.PartialDefinitionPart is not null || method.PartialImplementationPart is not null)
        {
            return false;
        }

        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal || type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }
}
