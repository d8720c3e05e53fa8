using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Carillon.Events;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>Looks at the names of events: entity.action, and the action has happened.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EventNameAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotPastTense, Rules.NotEntityAction];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is { } carillon)
            {
                EventTypes.ForEach(start, carillon, (type, report) => Check(type, start.Options, report));
            }
        });
    }

    // A letter, as names are made of, that no name has: it becomes the sign that stands for any word.
    private const string AnyWord = "\u01C0";

    private static void Check(INamedTypeSymbol type, AnalyzerOptions options, Action<Diagnostic> report)
    {
        // A job says what is to be done.
        if (KnownTypes.IsJob(type))
        {
            return;
        }

        var attribute = KnownTypes.FindAttribute(type, KnownTypes.IsEventAttribute);
        var explicitName = EventReader.Name(attribute);
        if (explicitName is null ? IsKindOfEvent(type) : EventName.Fault(explicitName) is not null)
        {
            return;
        }

        // Each closed type has a name of its own, which begins with those of its arguments.
        var name = explicitName ?? EventName.Derive(TypeNames.Simple(type), type.TypeParameters.Select(_ => AnyWord)).Replace(AnyWord, "*");
        var location = attribute?.ApplicationSyntaxReference is { } syntax && explicitName is not null ? Location.Create(syntax.SyntaxTree, syntax.Span) : type.Locations[0];
        if (EventAction.FormFault(name) is { } fault)
        {
            report(Diagnostic.Create(Rules.NotEntityAction, location, type.Name, name, fault));
        }

        var action = EventAction.Of(name);
        if (!PastTense.Is(action) && !IsQuestion(type, name) && !AcceptedActions.Read(options, type).Contains(action))
        {
            report(Diagnostic.Create(Rules.NotPastTense, location, type.Name, name, action));
        }
    }

    // A type that stands for several events has no name of its own: each of them has.
    private static bool IsKindOfEvent(INamedTypeSymbol type) => type.TypeKind == TypeKind.Interface || type.IsAbstract;

    // What a listener can still prevent, or answer, has not happened yet.
    private static bool IsQuestion(INamedTypeSymbol type, string name) =>
        type.AllInterfaces.Any(KnownTypes.IsStoppableEvent)
        || name.StartsWith("before", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("after", StringComparison.OrdinalIgnoreCase);
}
