using System.Collections.Immutable;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>Refuses a tag of cache entries that names a property which the event does not have: nothing would ever be forgotten by it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CacheTagAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.CacheTag];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(static symbol => Check((INamedTypeSymbol)symbol.Symbol, symbol.Compilation, symbol.ReportDiagnostic), SymbolKind.NamedType);
    }

    private static void Check(INamedTypeSymbol type, Compilation compilation, Action<Diagnostic> report)
    {
        foreach (var attribute in type.GetAttributes().Where(each => KnownTypes.IsInvalidatesCacheAttribute(each.AttributeClass)))
        {
            var tag = CacheTemplate.Read(type, attribute, compilation);
            var fault = tag.Fault
                ?? (type.IsAbstract ? "no event is of exactly this type, and what an event says is not inherited: say it of each of those that derive from it"
                    : type.Arity > 0 ? "it is generic: say it in AddCarillon with InvalidateCache for each closed type" : null);
            if (fault is not null)
            {
                var location = attribute.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : type.Locations[0];
                report(Diagnostic.Create(Rules.CacheTag, location, type.Name, tag.Template, fault));
            }
        }
    }
}
