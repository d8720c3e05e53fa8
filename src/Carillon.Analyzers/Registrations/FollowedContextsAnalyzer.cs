using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Registrations;

/// <summary>Tells whoever has the package for EF Core, contexts and AddCarillon that nobody has tied them together: what aggregates raise is silently lost.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FollowedContextsAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ContextNotFollowed];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is { Core: not null, FollowsContexts: true } carillon)
            {
                var calls = ContextCalls.Watch(start, carillon);
                start.RegisterCompilationEndAction(end =>
                {
                    if (calls.AreForgotten)
                    {
                        var name = calls.Contexts.Select(each => each.Name).OrderBy(each => each, StringComparer.Ordinal).First();
                        end.ReportDiagnostic(Diagnostic.Create(Rules.ContextNotFollowed, Position.First(calls.Additions), name));
                    }
                });
            }
        });
    }
}
