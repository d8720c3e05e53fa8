using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Listeners;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Registrations;

/// <summary>
/// Tells an application that it has listeners with an attribute, or references a library that has some, and says AddCarillon, but never the word that adds them: everything starts, and
/// nothing is heard.
/// </summary>
/// <remarks>Of applications only: the listeners of a library are added by whoever references it, or by nobody.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AddedListenersAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ListenersNotAdded];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Application.Is(start.Compilation) && CarillonTypes.Find(start.Compilation) is { Core: not null } carillon)
            {
                Watch(start, carillon);
            }
        });
    }

    private static void Watch(CompilationStartAnalysisContext start, CarillonTypes carillon)
    {
        var listeners = new ConcurrentBag<IMethodSymbol>();
        var calls = new ConcurrentBag<Location>();
        var additions = new ConcurrentBag<IMethodSymbol>();
        var libraries = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        Application.ForEachListener(start, listener => listeners.Add(listener.Method));
        Application.ForEachUse(start, (method, use) =>
        {
            if (Application.IsOwnAddition(method, carillon.Compilation))
            {
                additions.Add(method);
            }
            else if (method.Name.StartsWith("Add", StringComparison.Ordinal) && method.ContainingType.Name.EndsWith("CarillonBuilderExtensions", StringComparison.Ordinal))
            {
                libraries.TryAdd(method.ContainingType, true);
            }
            else if (method.Name == "AddCarillon" && carillon.IsOfCore(method))
            {
                calls.Add(Position.OfName(use));
            }
        });
        start.RegisterCompilationEndAction(end =>
        {
            if (calls.IsEmpty)
            {
                return;
            }

            var place = Position.First(calls);
            if (additions.IsEmpty && !listeners.IsEmpty)
            {
                Report(place, listeners, end.ReportDiagnostic);
            }

            foreach (var library in LibraryListeners.Find(end.Compilation).Where(each => !libraries.ContainsKey(each.ContainingType)))
            {
                end.ReportDiagnostic(Diagnostic.Create(Rules.ListenersNotAdded, place, $"'{library.ContainingAssembly.Name}'", "them", library.Name));
            }
        });
    }

    // Once, however many there are: one word mends them all.
    private static void Report(Location place, ConcurrentBag<IMethodSymbol> listeners, Action<Diagnostic> report)
    {
        var name = listeners.Select(ListenerName.Of).OrderBy(each => each, StringComparer.Ordinal).First();
        var others = listeners.Count switch
        {
            1 => string.Empty,
            2 => ", nor the other one",
            var count => $", nor the {count - 1} others",
        };
        report(Diagnostic.Create(Rules.ListenersNotAdded, place, "this application", $"'{name}'{others}", "AddListeners"));
    }
}
