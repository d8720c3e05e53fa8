using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>Points at listeners that run after the dispatch and take an event that can change in the meantime.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MutableEventAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.MutableEvent];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is not { } carillon)
            {
                return;
            }

            start.RegisterSymbolAction(
                symbol =>
                {
                    if (ListenerSymbol.ByAttribute((IMethodSymbol)symbol.Symbol, carillon.Compilation) is { Delivery: { } delivery } listener)
                    {
                        Check(listener.EventType, delivery, listener.Name, listener.Method.Locations[0], symbol.ReportDiagnostic);
                    }
                },
                SymbolKind.Method);
            if (carillon.Core is not null)
            {
                start.RegisterOperationAction(
                    operation =>
                    {
                        if (Registration.Read(operation.Operation, carillon) is { Delivery: { } delivery } registration)
                        {
                            Check(registration.EventType, delivery, registration.Name, registration.Invocation.Syntax.GetLocation(), operation.ReportDiagnostic);
                        }
                    },
                    OperationKind.Invocation);
            }
        });
    }

    // The members go along, so that a fix finds them.
    private static void Check(ITypeSymbol eventType, string delivery, string listener, Location location, Action<Diagnostic> report)
    {
        var members = MutableMembers.Of(eventType);
        if (members.Count == 0)
        {
            return;
        }

        report(Diagnostic.Create(
            Rules.MutableEvent,
            location,
            members.SelectMany(member => member.Symbol.Locations).Where(each => each.IsInSource),
            listener,
            delivery switch
            {
                DeliveryWord.Durable => "durable",
                DeliveryWord.Background => "a background listener",
                _ => "a listener of a phase of a unit of work",
            },
            eventType.Name,
            string.Join(" and ", members.Select(member => member.Reason))));
    }
}
