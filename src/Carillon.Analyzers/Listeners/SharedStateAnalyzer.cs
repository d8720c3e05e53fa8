using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Listeners;

/// <summary>
/// Finds state that listeners share: a static field that one of them writes, or a field of their class that one writes and another one uses. What is
/// changed under a lock or with <see cref="System.Threading.Interlocked"/> was thought about and is left alone.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedStateAnalyzer : DiagnosticAnalyzer
{
    private const string StaticReason = "which all scopes and threads share";
    private const string StaticAdvice = "Keep it in a service that is made for several threads, or in the event.";
    private const string OrderAdvice = "Dispatch a second event, or let the event carry it.";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SharedState];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is { } carillon)
            {
                start.RegisterSymbolStartAction(type => Start(type, carillon), SymbolKind.NamedType);
            }
        });
    }

    private static void Start(SymbolStartAnalysisContext type, CarillonTypes carillon)
    {
        var listeners = ListenerSymbol.In((INamedTypeSymbol)type.Symbol, carillon).ToArray();
        if (listeners.Length == 0)
        {
            return;
        }

        var uses = new ConcurrentBag<Use>();
        type.RegisterOperationAction(
            operation =>
            {
                if (Array.Find(listeners, listener => IsIn(listener, operation.ContainingSymbol)) is { } listener && Read(operation.Operation, listener) is { } use)
                {
                    uses.Add(use);
                }
            },
            OperationKind.FieldReference,
            OperationKind.PropertyReference);
        type.RegisterSymbolEndAction(end => Report(uses, end.ReportDiagnostic));
    }

    private static bool IsIn(ListenerSymbol listener, ISymbol symbol)
    {
        var method = symbol as IMethodSymbol;
        return SymbolEqualityComparer.Default.Equals(listener.Method, method) || SymbolEqualityComparer.Default.Equals(listener.Method, method?.PartialDefinitionPart);
    }

    private static Use? Read(IOperation operation, ListenerSymbol listener)
    {
        var (member, instance) = operation switch
        {
            IFieldReferenceOperation { Field: { IsConst: false } field } reference => (field, reference.Instance),
            IPropertyReferenceOperation { Property: { } property } reference when IsAuto(property) => ((ISymbol)property, reference.Instance),
            _ => (null, null),
        };
        var isOwn = member is { IsStatic: true } || instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };
        return member is null || !isOwn || IsOfThread(member) ? null : new Use(member, listener, operation, IsWrite(operation) && !IsLocked(operation));
    }

    private static bool IsAuto(IPropertySymbol property) =>
        property.ContainingType.GetMembers().Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static bool IsOfThread(ISymbol member) => member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute");

    private static bool IsWrite(IOperation operation) =>
        operation.Parent switch
        {
            // What is made once, by whoever comes first, is the same for all.
            ICoalesceAssignmentOperation => false,
            IAssignmentOperation assignment => assignment.Target == operation,
            IIncrementOrDecrementOperation => true,
            _ => false,
        };

    private static bool IsLocked(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is ILockOperation
                || (current is IUsingOperation { Resources: var resources } && EntersLock(resources))
                || (current is IBlockOperation block && block.Operations.Any(each => each is IUsingDeclarationOperation && each.Syntax.SpanStart < operation.Syntax.SpanStart && EntersLock(each))))
            {
                return true;
            }
        }

        return false;
    }

    // using (gate.EnterScope())
    private static bool EntersLock(IOperation resources) => resources.DescendantsAndSelf().Any(static each =>
        each is IInvocationOperation { TargetMethod: { Name: "EnterScope", ContainingType: { Name: "Lock", ContainingNamespace.Name: "Threading" } } });

    private static void Report(IEnumerable<Use> uses, Action<Diagnostic> report)
    {
        foreach (var member in uses.GroupBy(use => use.Member, SymbolEqualityComparer.Default))
        {
            foreach (var writes in member.Where(use => use.IsWrite).GroupBy(use => use.Listener.Name))
            {
                var write = writes.OrderBy(use => use.Operation.Syntax.SpanStart).First();
                var other = member.Where(use => !SymbolEqualityComparer.Default.Equals(use.Listener.Method, write.Listener.Method)).Select(use => use.Listener.Name).OrderBy(name => name, StringComparer.Ordinal).FirstOrDefault();
                if (member.Key!.IsStatic)
                {
                    Say(write, StaticReason, StaticAdvice);
                }
                else if (other is not null)
                {
                    Say(write, $"which '{other}' uses: each depends on whether the other one has run", OrderAdvice);
                }
            }
        }

        void Say(Use write, string reason, string advice) =>
            report(Diagnostic.Create(Rules.SharedState, write.Operation.Syntax.GetLocation(), write.Listener.Name, write.Member.Name, reason, advice));
    }

    private sealed class Use(ISymbol member, ListenerSymbol listener, IOperation operation, bool isWrite)
    {
        internal ISymbol Member { get; } = member;

        internal ListenerSymbol Listener { get; } = listener;

        internal IOperation Operation { get; } = operation;

        internal bool IsWrite { get; } = isWrite;
    }
}
