using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>Finds entities inside events: what is stored with one is old when a listener reads it, and drags in whatever it refers to.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EntityAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.EntityInEvent];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is { } carillon)
            {
                var entities = new Entities(start.Compilation);
                EventTypes.ForEach(start, carillon, (type, report) => Check(type, entities, carillon, report));
            }
        });
    }

    private static void Check(INamedTypeSymbol type, Entities entities, CarillonTypes carillon, Action<Diagnostic> report)
    {
        foreach (var member in type.GetMembers())
        {
            var carried = member switch
            {
                IPropertySymbol { IsStatic: false, IsImplicitlyDeclared: false } property => property.Type,
                IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: not Accessibility.Private } field => field.Type,
                _ => null,
            };
            if (carried is not null && entities.WhyEntity(ElementType.Of(carried)) is var (entity, reason))
            {
                var instead = carillon.EntityReference is null ? "its id" : $"its id or an EntityRef<{entity.Name}>";
                report(Diagnostic.Create(Rules.EntityInEvent, member.Locations[0], type.Name, entity.Name, member.Name, reason, instead));
            }
        }
    }
}
