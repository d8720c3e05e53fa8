using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Carillon.CodeFixes;

/// <summary>Awaits a dispatch whose task is thrown away, where the function around it is asynchronous already.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitFix))]
[Shared]
public sealed class AwaitFix() : ReplacingFix(RuleIds.NotAwaited)
{
    private const string Title = "Await the dispatch";

    private protected override ValueTask<Mend?> FindAsync(CodeFixContext context, SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call || !IsInAsync(call) || IsLocked(call))
        {
            return default;
        }

        var task = Outermost(call);
        var replaced = task.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } discard ? (ExpressionSyntax)discard : task;
        // Part of something larger, such as bus?.PublishAsync(e), there may be no task at all.
        return replaced.Parent is ExpressionStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax
            ? new ValueTask<Mend?>(new Mend(Title, replaced, Await(task, replaced)))
            : default;
    }

    private static bool IsInAsync(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(each => each is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax) switch
        {
            MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
            LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.AsyncKeyword),
            AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
            // The statements of a program may always await.
            null => node.Ancestors().OfType<GlobalStatementSyntax>().Any(),
            _ => false,
        };

    // Under a lock nothing can be awaited.
    private static bool IsLocked(SyntaxNode node) =>
        node.Ancestors().TakeWhile(each => each is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)).Any(each => each is LockStatementSyntax);

    // With ConfigureAwait and the like behind it.
    private static InvocationExpressionSyntax Outermost(InvocationExpressionSyntax call)
    {
        while (call.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } member && member.Expression == call)
        {
            call = next;
        }

        return call;
    }

    private static AwaitExpressionSyntax Await(ExpressionSyntax task, ExpressionSyntax replaced) =>
        SyntaxFactory.AwaitExpression(task.WithoutTrivia()).WithTriviaFrom(replaced).WithAdditionalAnnotations(Formatter.Annotation);
}
