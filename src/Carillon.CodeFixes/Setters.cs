using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Carillon.CodeFixes;

/// <summary>Finds setters that can become init accessors without breaking a line elsewhere.</summary>
internal static class Setters
{
    internal static async Task<AccessorDeclarationSyntax?> FindAsync(Document document, Location location, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root?.FindNode(location.SourceSpan) is not PropertyDeclarationSyntax declaration
            || declaration.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)) is not { } setter
            || model?.GetDeclaredSymbol(declaration, cancellationToken) is not { IsVirtual: false, IsOverride: false, IsAbstract: false } property
            || Contracts.Implements(property))
        {
            return null;
        }

        foreach (var found in await SymbolFinder.FindReferencesAsync(property, document.Project.Solution, cancellationToken).ConfigureAwait(false))
        {
            foreach (var reference in found.Locations)
            {
                if (await IsSetAsync(reference, cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }
            }
        }

        return setter;
    }

    private static async Task<bool> IsSetAsync(ReferenceLocation reference, CancellationToken cancellationToken)
    {
        var root = await reference.Document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var node = root!.FindNode(reference.Location.SourceSpan, getInnermostNodeForTie: true);
        var target = node.Parent is MemberAccessExpressionSyntax member && member.Name == node ? member : node;
        return target.Parent switch
        {
            // Initializers of objects, and those behind "with", are what init is for.
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } => false,
            AssignmentExpressionSyntax assignment => assignment.Left == target,
            PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => true,
            ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None } => true,
            ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax } } => true,
            _ => false,
        };
    }
}
