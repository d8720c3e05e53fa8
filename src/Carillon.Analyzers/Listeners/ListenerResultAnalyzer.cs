using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Listeners;

/// <summary>Looks at listeners whose work would begin, or end, after their call has counted as done: iterators, and awaitables that are no task.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ListenerResultAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ResultNotAwaited];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(
            static symbol =>
            {
                if (ListenerSymbol.ByAttribute((IMethodSymbol)symbol.Symbol, symbol.Compilation) is { } listener
                    && Fault(listener.Method, symbol.CancellationToken) is { } fault)
                {
                    symbol.ReportDiagnostic(Diagnostic.Create(Rules.ResultNotAwaited, listener.Method.Locations[0], ListenerName.Of(listener.Method), fault));
                }
            },
            SymbolKind.Method);
    }

    private static string? Fault(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var returned = method.ReturnType;
        var result = Result(returned);
        return IsStream(result) ? $"returns '{returned.ToDisplayString()}', which no dispatch reads: what it does there never happens. Return Task, or Task<T> for a result."
            : Yields(method, cancellationToken) ? "is an iterator: nothing of it runs before somebody reads what it returns, and no dispatch does. Do the work and return nothing, or return an array or a list as its result."
            : IsOtherAwaitable(returned) ? $"returns '{returned.ToDisplayString()}', which nobody awaits: its call counts as done, and a durable delivery as completed, while it still runs. Await it in the listener and return Task or ValueTask."
            : HasAwaiter(result) && !SymbolEqualityComparer.Default.Equals(result, returned) ? $"returns '{returned.ToDisplayString()}', of which nobody awaits the inner '{result.ToDisplayString()}': its call counts as done, and a durable delivery as completed, while it still runs. Await it in the listener and return Task or ValueTask."
            : IsLazyWork(result) ? $"returns '{returned.ToDisplayString()}', which nobody asks for its value: what it does there never happens. Do it in the listener and return Task or ValueTask."
            : null;
    }

    /// <summary>What is there once the call has been awaited.</summary>
    private static ITypeSymbol Result(ITypeSymbol returned) =>
        KnownTypes.IsTaskOfT(returned) || KnownTypes.IsValueTaskOfT(returned) ? ((INamedTypeSymbol)returned).TypeArguments[0] : returned;

    private static bool IsLazyWork(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Lazy", Arity: > 0, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } lazy && HasAwaiter(lazy.TypeArguments[0]);

    private static bool IsStream(ITypeSymbol type) =>
        type.OriginalDefinition is INamedTypeSymbol { Name: "IAsyncEnumerable" or "IAsyncEnumerator", Arity: 1 } stream
        && stream.ContainingNamespace.ToDisplayString() == "System.Collections.Generic";

    private static bool Yields(IMethodSymbol method, CancellationToken cancellationToken) =>
        (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(cancellationToken))
            .SelectMany(static declaration => declaration.DescendantNodes(static node => node is not LocalFunctionStatementSyntax and not AnonymousFunctionExpressionSyntax))
            .Any(static node => node is YieldStatementSyntax);

    // As the generator sees it: of whatever else it is, it is the result.
    private static bool IsOtherAwaitable(ITypeSymbol type) =>
        !KnownTypes.IsTask(type) && !KnownTypes.IsTaskOfT(type) && !KnownTypes.IsValueTask(type) && !KnownTypes.IsValueTaskOfT(type) && HasAwaiter(type);

    private static bool HasAwaiter(ITypeSymbol type)
    {
        for (var each = type; each is not null; each = each.BaseType)
        {
            if (each.GetMembers("GetAwaiter").Any(static member => member is IMethodSymbol { IsStatic: false, Parameters.IsEmpty: true, ReturnsVoid: false }))
            {
                return true;
            }
        }

        return false;
    }
}
