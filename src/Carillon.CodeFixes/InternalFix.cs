using System.Collections.Immutable;
using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Carillon.CodeFixes;

/// <summary>Makes a listener internal that generated code cannot reach.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InternalFix))]
[Shared]
public sealed class InternalFix : CodeFixProvider
{
    private const string Title = "Make the listener internal";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.NotReachable];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span) is MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method
            && model?.GetDeclaredSymbol(method, context.CancellationToken) is IMethodSymbol symbol
            && IsEnough(symbol))
        {
            var mended = SyntaxGenerator.GetGenerator(context.Document).WithAccessibility(method, Accessibility.Internal);
            context.RegisterCodeFix(
                CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(method, mended))), Title),
                context.Diagnostics);
        }
    }

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
