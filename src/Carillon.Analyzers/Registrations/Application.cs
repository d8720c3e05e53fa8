using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Registrations;

/// <summary>A program, in which everything is put together that a library leaves to others: whether the compilation is one, and what is looked at there.</summary>
internal static class Application
{
    internal static bool Is(Compilation compilation) => compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;

    /// <summary>Whether a method is the generated one that adds the listeners and events of this assembly.</summary>
    internal static bool IsOwnAddition(IMethodSymbol method, Compilation compilation) =>
        method.Name == "AddListeners" && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly);

    /// <summary>Calls back with every method that is a listener by its attribute.</summary>
    internal static void ForEachListener(CompilationStartAnalysisContext start, Action<ListenerSymbol> see) =>
        start.RegisterSymbolAction(
            symbol =>
            {
                if (ListenerSymbol.ByAttribute((IMethodSymbol)symbol.Symbol, symbol.Compilation) is { } listener)
                {
                    see(listener);
                }
            },
            SymbolKind.Method);

    /// <summary>Calls back with every method that is called, or handed on to be called.</summary>
    internal static void ForEachUse(CompilationStartAnalysisContext start, Action<IMethodSymbol, IOperation> see) =>
        start.RegisterOperationAction(
            use => see(use.Operation is IInvocationOperation invocation ? invocation.TargetMethod : ((IMethodReferenceOperation)use.Operation).Method, use.Operation),
            OperationKind.Invocation,
            OperationKind.MethodReference);
}
