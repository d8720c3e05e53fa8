using System.Collections.Immutable;
using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.CodeFixes;

/// <summary>Makes the settable properties of an event init-only, those that nobody sets later.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InitOnlyFix))]
[Shared]
public sealed class InitOnlyFix : CodeFixProvider
{
    private const string Title = "Make the properties of the event init-only";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.MutableEvent];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        var setters = new List<(DocumentId Document, AccessorDeclarationSyntax Setter)>();
        foreach (var location in context.Diagnostics[0].AdditionalLocations)
        {
            if (solution.GetDocument(location.SourceTree) is { } document
                && await Setters.FindAsync(document, location, context.CancellationToken).ConfigureAwait(false) is { } setter)
            {
                setters.Add((document.Id, setter));
            }
        }

        if (setters.Count > 0)
        {
            context.RegisterCodeFix(CodeAction.Create(Title, cancellationToken => MendAsync(solution, setters, cancellationToken), Title), context.Diagnostics);
        }
    }

    private static async Task<Solution> MendAsync(Solution solution, List<(DocumentId Document, AccessorDeclarationSyntax Setter)> setters, CancellationToken cancellationToken)
    {
        foreach (var ofDocument in setters.GroupBy(each => each.Document, each => each.Setter))
        {
            var root = await solution.GetDocument(ofDocument.Key)!.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
            solution = solution.WithDocumentSyntaxRoot(ofDocument.Key, root!.ReplaceNodes(ofDocument, (setter, _) => InitOnly(setter)));
        }

        return solution;
    }

    private static AccessorDeclarationSyntax InitOnly(AccessorDeclarationSyntax setter) =>
        SyntaxFactory.AccessorDeclaration(
            SyntaxKind.InitAccessorDeclaration,
            setter.AttributeLists,
            setter.Modifiers,
            SyntaxFactory.Token(SyntaxKind.InitKeyword).WithTriviaFrom(setter.Keyword),
            setter.Body,
            setter.ExpressionBody,
            setter.SemicolonToken);
}
