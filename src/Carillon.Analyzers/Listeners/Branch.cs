using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Analyzers.Listeners;

/// <summary>The code in which nothing decides between one call and another: of two calls in it that are reached, both are made.</summary>
internal static class Branch
{
    /// <summary>The smallest such code around the call.</summary>
    internal static SyntaxNode Around(SyntaxNode call)
    {
        var node = call;
        while (node.Parent is { } parent && !IsWhole(node) && !IsChoice(parent, node))
        {
            node = parent;
        }

        return node;
    }

    private static bool IsWhole(SyntaxNode node) =>
        node is BlockSyntax or SwitchSectionSyntax or SwitchExpressionArmSyntax or ElseClauseSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax
            or MemberDeclarationSyntax and not GlobalStatementSyntax;

    private static bool IsChoice(SyntaxNode parent, SyntaxNode node) => parent switch
    {
        IfStatementSyntax choice => choice.Statement == node,
        ConditionalExpressionSyntax choice => choice.Condition != node,
        ConditionalAccessExpressionSyntax choice => choice.WhenNotNull == node,
        BinaryExpressionSyntax choice => choice.Right == node && choice.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
        AssignmentExpressionSyntax choice => choice.Right == node && choice.IsKind(SyntaxKind.CoalesceAssignmentExpression),
        CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or LabeledStatementSyntax => node is StatementSyntax,
        _ => false,
    };
}
