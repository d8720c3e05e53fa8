using System.Collections.Concurrent;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>Which types of a compilation are events: those with [Event], those that a listener takes, and those that are dispatched.</summary>
internal static class EventTypes
{
    /// <summary>Calls the check once for each type of event that is written in this compilation.</summary>
    internal static void ForEach(CompilationStartAnalysisContext start, CarillonTypes carillon, Action<INamedTypeSymbol, Action<Diagnostic>> check)
    {
        var seen = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        start.RegisterSymbolAction(symbol => CheckType((INamedTypeSymbol)symbol.Symbol, symbol.ReportDiagnostic), SymbolKind.NamedType);
        start.RegisterSymbolAction(symbol => CheckMethod((IMethodSymbol)symbol.Symbol, symbol.ReportDiagnostic), SymbolKind.Method);
        if (carillon.Core is not null)
        {
            start.RegisterOperationAction(operation => CheckCall(operation.Operation, operation.ReportDiagnostic), OperationKind.Invocation);
        }

        void CheckType(INamedTypeSymbol type, Action<Diagnostic> report)
        {
            if (KnownTypes.FindAttribute(type, KnownTypes.IsEventAttribute) is not null)
            {
                Once(type, report);
            }

            foreach (var implemented in type.AllInterfaces)
            {
                if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, carillon.Listener))
                {
                    Once(implemented.TypeArguments[0], report);
                }
            }
        }

        void CheckMethod(IMethodSymbol method, Action<Diagnostic> report)
        {
            // Behind a pattern of names the parameter is what comes with the event.
            if (ListenerSymbol.ByAttribute(method, carillon.Compilation) is { TakesByName: false } listener)
            {
                Once(listener.EventType, report);
            }
        }

        void CheckCall(IOperation operation, Action<Diagnostic> report)
        {
            if (DispatchCall.Read(operation, carillon)?.EventType is { } dispatched)
            {
                Once(dispatched, report);
            }
            else if (Registration.Read(operation, carillon) is { TakesByName: false } registration)
            {
                Once(registration.EventType, report);
            }
        }

        void Once(ITypeSymbol type, Action<Diagnostic> report)
        {
            if (IsWrittenHere(type) && seen.TryAdd(type.OriginalDefinition, true))
            {
                check((INamedTypeSymbol)type.OriginalDefinition, report);
            }
        }
    }

    private static bool IsWrittenHere(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsAnonymousType: false, IsTupleType: false, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } && !type.DeclaringSyntaxReferences.IsEmpty;
}
