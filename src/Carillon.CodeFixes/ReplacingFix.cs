using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Carillon.CodeFixes;

/// <summary>Mends what one rule has found by putting another node into the place of one.</summary>
/// <param name="ruleId">The rule.</param>
public abstract class ReplacingFix(string ruleId) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [ruleId];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is { } root
            && await FindAsync(context, root.FindNode(context.Span)).ConfigureAwait(false) is { } mend)
        {
            context.RegisterCodeFix(
                CodeAction.Create(mend.Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(mend.Before, mend.After))), mend.Title),
                context.Diagnostics);
        }
    }

    /// <summary>What is to be replaced; null where nothing is certain to be right.</summary>
    /// <param name="context">What was found.</param>
    /// <param name="node">Where.</param>
    private protected abstract ValueTask<Mend?> FindAsync(CodeFixContext context, SyntaxNode node);

    private protected static async ValueTask<T?> FindSymbolAsync<T>(CodeFixContext context, SyntaxNode declaration)
        where T : class, ISymbol
    {
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        return model?.GetDeclaredSymbol(declaration, context.CancellationToken) as T;
    }

    private protected sealed class Mend(string title, SyntaxNode before, SyntaxNode after)
    {
        internal string Title => title;

        internal SyntaxNode Before => before;

        internal SyntaxNode After => after;
    }
}
