using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Dispatches;

/// <summary>Looks at what is dispatched, and at what becomes of the task, and of the results, of a dispatch.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DispatchUseAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotAwaited, Rules.ResultsDropped, Rules.JobDispatched, Rules.StringDispatched];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is { Core: not null } carillon)
            {
                start.RegisterOperationAction(operation => Check(operation.Operation, carillon, operation.ReportDiagnostic), OperationKind.Invocation);
            }
        });
    }

    private static void Check(IOperation operation, CarillonTypes carillon, Action<Diagnostic> report)
    {
        if (DispatchCall.Read(operation, carillon) is not { } call)
        {
            return;
        }

        if (call.EventType is { } dispatched && KnownTypes.IsJob(dispatched))
        {
            report(Diagnostic.Create(Rules.JobDispatched, Position.OfName(call.Invocation), call.Name, dispatched.ToDisplayString()));
        }
        else if (call.EventType is { SpecialType: SpecialType.System_String })
        {
            report(Diagnostic.Create(Rules.StringDispatched, Position.OfName(call.Invocation), call.Name, call.Event!.Syntax.ToString()));
        }

        var task = Outermost(operation);
        if (IsThrownAway(task) && !IsDescribed(task))
        {
            report(Diagnostic.Create(Rules.NotAwaited, Position.OfName(call.Invocation), call.Name));
        }
        else if (call.AsksForResults && task.Parent is IAwaitOperation { Parent: IExpressionStatementOperation statement } && !IsBodyOfLambda(statement))
        {
            report(Diagnostic.Create(Rules.ResultsDropped, Position.OfName(call.Invocation), call.Name));
        }
    }

    // What only wraps the task leaves the question where it was.
    private static IOperation Outermost(IOperation operation)
    {
        while (operation.Parent is IConversionOperation or IParenthesizedOperation or ICoalesceOperation
            || (operation.Parent is IConditionalAccessOperation access && access.WhenNotNull == operation)
            || (operation.Parent is IConditionalOperation { Type: not null } choice && choice.Condition != operation)
            || (operation.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve" } wrapper && wrapper.Instance == operation))
        {
            operation = operation.Parent;
        }

        return operation;
    }

    private static bool IsThrownAway(IOperation value) => value.Parent switch
    {
        IExpressionStatementOperation => true,
        ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
        _ => false,
    };

    // An expression tree says what would be called, as mocks are told, and calls nothing.
    private static bool IsDescribed(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation { Parent: IConversionOperation { Type: { Name: "Expression", ContainingNamespace.Name: "Expressions" } } })
            {
                return true;
            }
        }

        return false;
    }

    // It is called for what it throws, as tests do, or by something that asks for a task without a result.
    private static bool IsBodyOfLambda(IExpressionStatementOperation statement) => statement.IsImplicit || statement.Syntax.Parent is AnonymousFunctionExpressionSyntax;
}
