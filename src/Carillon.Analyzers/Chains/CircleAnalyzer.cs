using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Chains;

/// <summary>Follows what listeners dispatch, over all listeners of the assembly, and shows the way of an event that comes back to its start.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CircleAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Circle];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is not { Core: not null } carillon)
            {
                return;
            }

            var links = new ConcurrentBag<Link>();
            start.RegisterSymbolStartAction(type => ReadClass(type, carillon, links), SymbolKind.NamedType);
            start.RegisterOperationAction(operation => ReadLambda(operation.Operation, carillon, links), OperationKind.Invocation);
            start.RegisterCompilationEndAction(end => Report(links, end));
        });
    }

    private static void ReadClass(SymbolStartAnalysisContext type, CarillonTypes carillon, ConcurrentBag<Link> links)
    {
        var listeners = ListenerSymbol.In((INamedTypeSymbol)type.Symbol, carillon).Where(listener => !listener.TakesByName).ToArray();
        if (listeners.Length == 0)
        {
            return;
        }

        var calls = new MethodCalls((INamedTypeSymbol)type.Symbol);
        type.RegisterOperationAction(operation => calls.Add(operation.ContainingSymbol, (IInvocationOperation)operation.Operation, carillon), OperationKind.Invocation);
        type.RegisterSymbolEndAction(_ =>
        {
            foreach (var listener in listeners)
            {
                foreach (var call in calls.DispatchedBy(listener.Method))
                {
                    Add(links, listener.Name, listener.EventType, call);
                }
            }
        });
    }

    private static void ReadLambda(IOperation operation, CarillonTypes carillon, ConcurrentBag<Link> links)
    {
        if (Registration.Read(operation, carillon) is { Handler.Target: IAnonymousFunctionOperation lambda } registration)
        {
            foreach (var inner in lambda.Body.Descendants())
            {
                if (DispatchCall.Read(inner, carillon) is { } call)
                {
                    Add(links, registration.Name, registration.EventType, call);
                }
            }
        }
    }

    private static void Add(ConcurrentBag<Link> links, string listener, ITypeSymbol taken, DispatchCall call)
    {
        if (call.EventType is { } dispatched)
        {
            links.Add(new Link(listener, taken, dispatched, call.Invocation.Syntax.GetLocation()));
        }
    }

    private static void Report(ConcurrentBag<Link> links, CompilationAnalysisContext end)
    {
        foreach (var circle in Circles.Find(links, end.Compilation))
        {
            var way = string.Join(" -> ", circle.Select(link => $"{link.Dispatched.Name} (by {link.Listener})").Prepend(circle[circle.Count - 1].Dispatched.Name));
            end.ReportDiagnostic(Diagnostic.Create(Rules.Circle, circle[0].Location, circle.Skip(1).Select(link => link.Location), way));
        }
    }
}
