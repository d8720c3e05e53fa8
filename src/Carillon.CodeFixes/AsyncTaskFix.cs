using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Carillon.CodeFixes;

/// <summary>Makes a listener that is async void an async Task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AsyncTaskFix))]
[Shared]
public sealed class AsyncTaskFix() : ReplacingFix(RuleIds.AsyncVoid)
{
    private const string Title = "Return Task";

    private protected override async ValueTask<Mend?> FindAsync(CodeFixContext context, SyntaxNode node)
    {
        // What another declaration prescribes cannot be changed here alone.
        if (node is not MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } returnType } method
            || await FindSymbolAsync<IMethodSymbol>(context, method).ConfigureAwait(false)
                is not { IsOverride: false, PartialDefinitionPart: null, PartialImplementationPart: null } symbol
            || Contracts.Implements(symbol))
        {
            return null;
        }

        var task = SyntaxFactory.ParseTypeName("global::System.Threading.Tasks.Task").WithTriviaFrom(returnType).WithAdditionalAnnotations(Simplifier.Annotation);
        return new Mend(Title, returnType, task);
    }
}
