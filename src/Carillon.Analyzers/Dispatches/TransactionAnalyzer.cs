using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Dispatches;

/// <summary>Finds dispatches that stand beside an open transaction and not in it, of events that a listener of this assembly takes durably.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TransactionAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.OutsideTransaction];

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

            var contexts = ContextCalls.Watch(start, carillon);
            var durable = new ConcurrentBag<(string Name, ITypeSymbol Takes)>();
            var suspects = new ConcurrentBag<(DispatchCall Call, ILocalSymbol[] Transactions)>();
            start.RegisterSymbolAction(
                symbol =>
                {
                    if (ListenerSymbol.ByAttribute((IMethodSymbol)symbol.Symbol, carillon.Compilation) is { Delivery: DeliveryWord.Durable, TakesByName: false } listener)
                    {
                        durable.Add((listener.Name, listener.EventType));
                    }
                },
                SymbolKind.Method);
            start.RegisterOperationAction(
                operation =>
                {
                    if (DispatchCall.Read(operation.Operation, carillon) is { } call)
                    {
                        if (OpenTransaction.MissedBy(call, carillon).ToArray() is { Length: > 0 } transactions)
                        {
                            suspects.Add((call, transactions));
                        }
                    }
                    else if (Registration.Read(operation.Operation, carillon) is { Delivery: DeliveryWord.Durable } registration)
                    {
                        durable.Add((registration.Name, registration.EventType));
                    }
                },
                OperationKind.Invocation);
            start.RegisterCompilationEndAction(end =>
            {
                var areFollowed = carillon.FollowsContexts && !contexts.AreForgotten;
                foreach (var (call, transactions) in suspects)
                {
                    if (transactions.FirstOrDefault(each => !areFollowed || !OpenTransaction.IsOfContext(each, call)) is { } transaction)
                    {
                        Report(call, transaction, durable, end);
                    }
                }
            });
        });
    }

    private static void Report(DispatchCall call, ILocalSymbol transaction, IEnumerable<(string Name, ITypeSymbol Takes)> durable, CompilationAnalysisContext end)
    {
        var listener = durable
            .Where(each => call.EventType is { } dispatched && Reach.Reaches(dispatched, each.Takes, end.Compilation))
            .Select(each => each.Name)
            .OrderBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (listener is not null)
        {
            var advice = OpenTransaction.IsUnitOfWork(transaction)
                ? "Dispatch through the IEventDispatcher of the scope that the unit of work belongs to."
                : $"Join it first: IUnitOfWorkFactory.Join({transaction.Name}).";
            end.ReportDiagnostic(Diagnostic.Create(
                Rules.OutsideTransaction, call.Invocation.Syntax.GetLocation(), call.Name, call.EventType!.Name, listener, transaction.Name, advice));
        }
    }
}
