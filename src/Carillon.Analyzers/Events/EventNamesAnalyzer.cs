using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Registrations;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>Finds two events of one name among those that the generated code of the assembly adds: the start of the host would refuse them.</summary>
/// <remarks>
/// Of those alone, and only where the assembly calls that code: what is registered in code may be in a branch, or for another host, and a library of tests has an event of one name in many of them.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EventNamesAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.DuplicateEventName];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            // In an assembly of contracts nothing is generated: whoever references it decides which of them he takes.
            if (CarillonTypes.Find(start.Compilation) is not { Core: not null })
            {
                return;
            }

            var events = new ConcurrentDictionary<string, AddedEvent>(StringComparer.Ordinal);
            var additions = new ConcurrentBag<IMethodSymbol>();
            start.RegisterSymbolAction(symbol => ReadType((INamedTypeSymbol)symbol.Symbol, symbol.Compilation, events), SymbolKind.NamedType);
            start.RegisterSymbolAction(symbol => ReadMethod((IMethodSymbol)symbol.Symbol, symbol.Compilation, events), SymbolKind.Method);
            Application.ForEachUse(start, (method, _) =>
            {
                if (Application.IsOwnAddition(method, start.Compilation))
                {
                    additions.Add(method);
                }
            });
            start.RegisterCompilationEndAction(end =>
            {
                if (!additions.IsEmpty)
                {
                    Report(events.Values, end.ReportDiagnostic);
                }
            });
        });
    }

    private static void ReadType(INamedTypeSymbol type, Compilation compilation, ConcurrentDictionary<string, AddedEvent> events)
    {
        if ((KnownTypes.FindAttribute(type, KnownTypes.IsEventAttribute) ?? KnownTypes.FindAttribute(type, KnownTypes.IsInvalidatesCacheAttribute)) is not null
            && EventReader.Read(type, compilation) is { } each)
        {
            events.TryAdd(each.TypeName, new AddedEvent(each.Name, type, type.Locations[0]));
        }
    }

    private static void ReadMethod(IMethodSymbol method, Compilation compilation, ConcurrentDictionary<string, AddedEvent> events)
    {
        if (method.PartialDefinitionPart is null
            && KnownTypes.FindAttribute(method, KnownTypes.IsListenerAttribute) is { } attribute
            && ListenerReader.Read(method, attribute, compilation)?.RegisteredEvent is { } each)
        {
            // Of a type from elsewhere the listener is what is written here; of several, any.
            var type = method.Parameters[0].Type;
            events.TryAdd(each.TypeName, new AddedEvent(each.Name, type, type.Locations.FirstOrDefault(location => location.IsInSource) ?? method.Locations[0]));
        }
    }

    private static void Report(IEnumerable<AddedEvent> events, Action<Diagnostic> report)
    {
        foreach (var same in events.GroupBy(each => each.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            foreach (var each in same)
            {
                var others = same.Where(other => other != each).Select(other => $"'{other.Type.ToDisplayString()}'").OrderBy(other => other, StringComparer.Ordinal);
                report(Diagnostic.Create(Rules.DuplicateEventName, each.Location, each.Type.ToDisplayString(), each.Name, string.Join(" and ", others)));
            }
        }
    }

    private sealed class AddedEvent(string name, ITypeSymbol type, Location location)
    {
        internal string Name { get; } = name;

        internal ITypeSymbol Type { get; } = type;

        internal Location Location { get; } = location;
    }
}
