using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Events;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Shapes;

/// <summary>Finds what of a durable event would not come back from storage as it was, as far as the source tells. The start looks at the rest.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShapeAnalyzer : DiagnosticAnalyzer
{
    internal const string Mend = "mend";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.MemberIsLost, Rules.TypeIsNotCarried, Rules.CannotBeMadeAgain, Rules.DerivedIsLost];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is { } carillon)
            {
                var derived = new DerivedTypes(start.Compilation);
                var seen = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
                DurableEvents.ForEach(start, carillon, (type, report) => new Walk(derived, seen, report).Visit(type));
            }
        });
    }

    private sealed class Walk(DerivedTypes derived, ConcurrentDictionary<ISymbol, bool> seen, Action<Diagnostic> report)
    {
        internal void Visit(INamedTypeSymbol type)
        {
            if (type.DeclaringSyntaxReferences.IsEmpty || JsonAttributes.HasConverter(type) || ElementType.IsCollection(type) || !seen.TryAdd(type.OriginalDefinition, true))
            {
                return;
            }

            var constructor = JsonConstructor.Of(type);
            if (constructor.Fault is { } fault)
            {
                report(Diagnostic.Create(Rules.CannotBeMadeAgain, type.Locations[0], type.Name, fault));
                return;
            }

            for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
            {
                foreach (var member in current.GetMembers())
                {
                    if (LostMembers.IsState(member) && !JsonAttributes.IsOfItsOwn(member) && member.Locations[0].IsInSource)
                    {
                        VisitMember(member, constructor);
                    }
                }
            }
        }

        private void VisitMember(ISymbol member, JsonConstructor constructor)
        {
            // A member of a base class is seen with each class that derives from it.
            if (LostMembers.Why(member, constructor) is var (reason, mend))
            {
                if (seen.TryAdd(member, true))
                {
                    report(Diagnostic.Create(
                        Rules.MemberIsLost,
                        member.Locations[0],
                        ImmutableDictionary<string, string?>.Empty.Add(Mend, mend),
                        $"{member.ContainingType.Name}.{member.Name}",
                        reason));
                }
            }
            else if (LostMembers.IsCarried(member, constructor))
            {
                VisitType(member, member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type);
            }
        }

        private void VisitType(ISymbol member, ITypeSymbol type)
        {
            if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            {
                type = nullable.TypeArguments[0];
            }

            if (UncarriedTypes.Why(type) is { } reason)
            {
                if (seen.TryAdd(member, true))
                {
                    report(Diagnostic.Create(
                        Rules.TypeIsNotCarried, member.Locations[0], $"{member.ContainingType.Name}.{member.Name}", type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), reason));
                }
            }
            else if (ElementType.IsCollection(type))
            {
                VisitType(member, ElementType.Of(type));
            }
            else if (type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named)
            {
                if (!JsonAttributes.HasDerivedTypes(named) && !JsonAttributes.HasConverter(named) && !named.IsSealed && derived.Of(named) is { } other && seen.TryAdd(member, true))
                {
                    report(Diagnostic.Create(Rules.DerivedIsLost, member.Locations[0], $"{member.ContainingType.Name}.{member.Name}", named.Name, other));
                }

                Visit(named);
            }
        }
    }
}
