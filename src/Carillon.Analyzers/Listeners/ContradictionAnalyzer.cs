using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Carillon.Listeners.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Listeners;

/// <summary>Refuses what is said of a listener in one attribute and cannot be: the start of the host would.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContradictionAnalyzer : DiagnosticAnalyzer
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

        foreach (var fault in Faults(method, attribute, unique))
        {
            report(Diagnostic.Create(Rules.Contradiction, method.Locations[0], ListenerName.Of(method), fault));
        }
    }

    private static IEnumerable<string> Faults(IMethodSymbol method, AttributeData attribute, AttributeData? unique)
    {
        var kind = DeliveryWord.Of(method, attribute) ?? "inline";
        if (AttemptsRule.Fault(Value(attribute, "MaxAttempts") as int? ?? 0, kind == DeliveryWord.Durable) is { } attempts)
        {
            yield return $"says MaxAttempts, which {attempts}";
        }
        else if (Describe(method, attribute, unique, kind).Fault() is { } durable)
        {
            yield return durable;
        }

        if (new InlineWords { Kind = kind, StopPropagation = Value(attribute, "StopPropagation") is true, Errors = Errors(attribute) }.Fault() is { } inline)
        {
            yield return inline;
        }

        var before = Ids(attribute, "Before");
        var after = Ids(attribute, "After");
        var own = ListenerId.Of(method, attribute);
        if (before.Contains(own) || after.Contains(own))
        {
            yield return "comes before and after itself. Nothing can be called in this order: take its own id out of Before and After.";
        }
        else if (before.Intersect(after).OrderBy(id => id, StringComparer.Ordinal).FirstOrDefault() is { } other)
        {
            yield return $"comes before and after '{other}'. Nothing can be called in this order: take it out of Before or After.";
        }
    }

    private static DurableWords Describe(IMethodSymbol method, AttributeData attribute, AttributeData? unique, string kind)
    {
        var said = DurableReader.Read(method, attribute);
        return new DurableWords
        {
            Kind = kind,
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

    // What says nothing is as good as not there.
    private static string? Errors(AttributeData attribute) =>
        Named(attribute, "Errors") is { Kind: TypedConstantKind.Enum, Value: not 0 } said
            ? said.Type!.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(member => Equals(member.ConstantValue, said.Value))?.Name
            : null;

    private static string[] Ids(AttributeData attribute, string name) =>
        Named(attribute, name) is { Kind: TypedConstantKind.Array, IsNull: false } ids ? [.. ids.Values.Select(id => id.Value).OfType<string>()] : [];

    // In code that is only half written anything may stand anywhere.
    private static object? Value(AttributeData attribute, string name) => Named(attribute, name) is { Kind: not TypedConstantKind.Array } said ? said.Value : null;

    private static TypedConstant Named(AttributeData attribute, string name) => attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value;

    private static double? Seconds(int seconds) => seconds == 0 ? null : seconds;
}
