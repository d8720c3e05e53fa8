using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Events;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Listeners;

/// <summary>Says why a method with [OnEvent] or [OnJob] can never be called, where the generator silently leaves it out.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ListenerSignatureAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.NotReachable,
        Rules.NoEvent,
        Rules.Generic,
        Rules.AsyncVoid,
        Rules.ParameterCannotBePassed,
        Rules.NoInstance,
        Rules.ImpossibleEvent,
        Rules.DuplicateId,
        Rules.InvalidEventName,
        Rules.EmptyId,
        Rules.BadPattern,
        Rules.NotAJob,
        Rules.JobListenedTo,
        Rules.TwoHandlers,
        Rules.NotInSaga,
        Rules.Uncorrelated,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            var listeners = new ConcurrentBag<IdentifiedListener>();
            start.RegisterSymbolAction(symbol => CheckMethod((IMethodSymbol)symbol.Symbol, symbol.Compilation, symbol.ReportDiagnostic, listeners), SymbolKind.Method);
            start.RegisterSymbolAction(static symbol => CheckEvent((INamedTypeSymbol)symbol.Symbol, symbol.ReportDiagnostic), SymbolKind.NamedType);
            start.RegisterOperationAction(
                operation => CheckMethod(Function(operation.Operation), operation.Compilation, operation.ReportDiagnostic, listeners),
                OperationKind.LocalFunction,
                OperationKind.AnonymousFunction);
            start.RegisterCompilationEndAction(end =>
            {
                CheckIds(listeners, end.ReportDiagnostic);
                CheckHandlers(listeners, end.ReportDiagnostic);
            });
        });
    }

    private static IMethodSymbol Function(IOperation operation) =>
        operation is ILocalFunctionOperation local ? local.Symbol : ((IAnonymousFunctionOperation)operation).Symbol;

    private static void CheckMethod(IMethodSymbol method, Compilation compilation, Action<Diagnostic> report, ConcurrentBag<IdentifiedListener> listeners)
    {
        // The declaring part of a partial method has the attributes of both.
        if (method.PartialDefinitionPart is not null || KnownTypes.FindAttribute(method, KnownTypes.IsListenerAttribute) is not { } attribute)
        {
            return;
        }

        var (fault, detail) = ListenerRules.Check(method, attribute, compilation);
        if (fault == ListenerFault.None)
        {
            listeners.Add(new IdentifiedListener(ListenerId.Of(method, attribute), method, attribute.AttributeClass!));
            return;
        }

        var name = ListenerName.Of(method);
        report(fault == ListenerFault.ImpossibleEvent
            ? Diagnostic.Create(Rules.ImpossibleEvent, method.Locations[0], name, method.Parameters[0].Type.ToDisplayString(), detail)
            : Diagnostic.Create(Rules.For(fault), method.Locations[0], name, detail));
    }

    private static void CheckEvent(INamedTypeSymbol type, Action<Diagnostic> report)
    {
        if (KnownTypes.FindAttribute(type, KnownTypes.IsEventAttribute) is { } attribute
            && EventReader.Name(attribute) is { } name
            && EventName.Fault(name) is { } fault)
        {
            var location = attribute.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : type.Locations[0];
            report(Diagnostic.Create(Rules.InvalidEventName, location, type.Name, name, fault));
        }
    }

    private static void CheckIds(IEnumerable<IdentifiedListener> listeners, Action<Diagnostic> report)
    {
        foreach (var same in listeners.GroupBy(listener => listener.Id, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            foreach (var listener in same)
            {
                var others = same
                    .Where(other => !ReferenceEquals(other, listener))
                    .Select(other => $"'{ListenerName.Full(other.Method)}'")
                    .OrderBy(other => other, StringComparer.Ordinal);
                report(Diagnostic.Create(
                    Rules.DuplicateId, listener.Method.Locations[0], ListenerName.Full(listener.Method), listener.Id, string.Join(" and ", others), $"[{listener.Attribute}(Id = \"...\")]"));
            }
        }
    }

    private static void CheckHandlers(IEnumerable<IdentifiedListener> listeners, Action<Diagnostic> report)
    {
        foreach (var same in listeners.Where(listener => listener.IsJobHandler).GroupBy(listener => listener.Method.Parameters[0].Type, SymbolEqualityComparer.Default).Where(same => same.Count() > 1))
        {
            foreach (var handler in same)
            {
                var others = same
                    .Where(other => !ReferenceEquals(other, handler))
                    .Select(other => $"'{ListenerName.Full(other.Method)}'")
                    .OrderBy(other => other, StringComparer.Ordinal);
                report(Diagnostic.Create(
                    Rules.TwoHandlers, handler.Method.Locations[0], ListenerName.Full(handler.Method), same.Key!.ToDisplayString(), string.Join(" and ", others)));
            }
        }
    }

    private sealed class IdentifiedListener(string id, IMethodSymbol method, INamedTypeSymbol attribute)
    {
        public string Id { get; } = id;

        public bool IsJobHandler { get; } = KnownTypes.IsOnJobAttribute(attribute);

        /// <summary>As it is written.</summary>
        public string Attribute { get; } = attribute.Name.Replace(nameof(System.Attribute), string.Empty);

        public IMethodSymbol Method { get; } = method;
    }
}
