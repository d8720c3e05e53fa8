using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Carillon.Listeners.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Listeners;

/// <summary>Refuses what is said of a listener's deliveries and cannot be: the start of the host would.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DurableWordsAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Contradiction];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(static symbol => Check((IMethodSymbol)symbol.Symbol, symbol.ReportDiagnostic), SymbolKind.Method);
    }

    private static void Check(IMethodSymbol method, Action<Diagnostic> report)
    {
        if (method.PartialDefinitionPart is not null)
        {
            return;
        }

        var unique = KnownTypes.FindAttribute(method, KnownTypes.IsUniqueAttribute);
        if (KnownTypes.FindAttribute(method, KnownTypes.IsListenerAttribute) is not { } attribute)
        {
            if (unique is not null)
            {
                report(Diagnostic.Create(Rules.Contradiction, method.Locations[0], ListenerName.Of(method), "says that its events are unique, but it is no listener. Add [OnEvent(Delivery.Durable)] or [OnJob], or take [Unique] away."));
            }

            return;
        }

        if (Describe(method, attribute, unique).Fault() is { } fault)
        {
            report(Diagnostic.Create(Rules.Contradiction, method.Locations[0], ListenerName.Of(method), fault));
        }
    }

    private static DurableWords Describe(IMethodSymbol method, AttributeData attribute, AttributeData? unique)
    {
        var said = DurableReader.Read(method, attribute);
        return new DurableWords
        {
            Kind = DeliveryWord.Of(method, attribute) ?? "inline",
            Queue = said.Queue,
            TimeoutSeconds = Seconds(said.TimeoutSeconds),
            Transactional = said.Transactional,
            Ordered = said.Ordered,
            SkipsFailed = said.SkipsFailed,
            MaxPerKey = said.MaxPerKey,
            RememberSeconds = Seconds(said.RememberSeconds),
            IsUnique = unique is not null,
            UntilDone = said.Unique is { UntilStarted: false, ForSeconds: 0 },
            UniqueForSeconds = Seconds(said.Unique?.ForSeconds ?? 0),
            Replaces = said.Unique?.Replaces ?? false,
            MaxWaitSeconds = Seconds(said.Unique?.MaxWaitSeconds ?? 0),
        };
    }

    private static double? Seconds(int seconds) => seconds == 0 ? null : seconds;
}
