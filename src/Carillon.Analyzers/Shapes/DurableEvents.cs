using System.Collections.Concurrent;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Shapes;

/// <summary>Which events a durable listener of this compilation takes: those are stored.</summary>
internal static class DurableEvents
{
    /// <summary>Calls the check once for each such event.</summary>
    internal static void ForEach(CompilationStartAnalysisContext start, CarillonTypes carillon, Action<INamedTypeSymbol, Action<Diagnostic>> check)
    {
        var seen = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        start.RegisterSymbolAction(
            symbol =>
            {
                if (ListenerSymbol.ByAttribute((IMethodSymbol)symbol.Symbol, carillon.Compilation) is { Delivery: DeliveryWord.Durable, TakesByName: false } listener)
                {
                    Once(listener.EventType, symbol.ReportDiagnostic);
                }
            },
            SymbolKind.Method);
        if (carillon.Core is not null)
        {
            start.RegisterOperationAction(
                operation =>
                {
                    if (Registration.Read(operation.Operation, carillon) is { Delivery: DeliveryWord.Durable, TakesByName: false } registration)
                    {
                        Once(registration.EventType, operation.ReportDiagnostic);
                    }
                },
                OperationKind.Invocation);
        }

        void Once(ITypeSymbol type, Action<Diagnostic> report)
        {
            // One that is abstract stands for others, of which each is stored as what it is.
            if (type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } named && seen.TryAdd(named, true))
            {
                check(named, report);
            }
        }
    }
}
