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
            || declaration.Modifiers.Any(SyntaxKind.PartialKeyword)
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
        var target = Whole(node);
        return target.Parent switch
        {
            // Initializers of objects, and those behind "with", are what init is for.
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } => false,
            AssignmentExpressionSyntax assignment => assignment.Left == target,
            PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => true,
            ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None } => true,
            ForEachVariableStatementSyntax each => each.Variable == target,
            _ => false,
        };
    }

    // With what only surrounds it, and the tuple of which it is a part: (order.Total, other) = (1, 2).
    private static SyntaxNode Whole(SyntaxNode name)
    {
        var whole = name;
        while (true)
        {
            switch (whole.Parent)
            {
                case MemberAccessExpressionSyntax member when member.Name == whole:
                case MemberBindingExpressionSyntax:
                case ParenthesizedExpressionSyntax:
                    whole = whole.Parent;
                    break;
                case ArgumentSyntax { Parent: TupleExpressionSyntax tuple }:
                    whole = tuple;
                    break;
                default:
                    return whole;
            }
        }
    }
}
