using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Analyzers.Symbols;

/// <summary>Where a finding about a call points to.</summary>
internal static class Position
{
    /// <summary>The name of the method, not the whole chain before it.</summary>
    internal static Location OfName(IOperation call) => call.Syntax switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name.GetLocation(),
        InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax member } => member.Name.GetLocation(),
        MemberAccessExpressionSyntax member => member.Name.GetLocation(),
        var syntax => syntax.GetLocation(),
    };

    /// <summary>Where something is said once of all of them.</summary>
    internal static Location First(IEnumerable<Location> calls) =>
        calls.OrderBy(call => call.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(call => call.SourceSpan.Start).First();
}
