using System.Collections.Immutable;
using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Carillon.CodeFixes;

/// <summary>Makes a listener that is async void an async Task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AsyncTaskFix))]
[Shared]
public sealed class AsyncTaskFix : CodeFixProvider
{
    private const string Title = "Return Task";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.AsyncVoid];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);

        // What another declaration prescribes cannot be changed here alone.
        if (root?.FindNode(context.Span) is MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } returnType } method
            && model?.GetDeclaredSymbol(method, context.CancellationToken) is { IsOverride: false, PartialDefinitionPart: null, PartialImplementationPart: null } symbol
            && !Contracts.Implements(symbol))
        {
            var task = SyntaxFactory.ParseTypeName("global::System.Threading.Tasks.Task").WithTriviaFrom(returnType).WithAdditionalAnnotations(Simplifier.Annotation);
            context.RegisterCodeFix(
                CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(returnType, task))), Title),
                context.Diagnostics);
        }
    }
}
