using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Dispatches;

/// <summary>The transaction that is open where a dispatch stands, as far as one function shows it.</summary>
internal static class OpenTransaction
{
    /// <summary>The local variables of transactions that the dispatch misses.</summary>
    internal static IEnumerable<ILocalSymbol> MissedBy(DispatchCall call, CarillonTypes carillon)
    {
        var body = FunctionBody.Operations(FunctionBody.Around(call.Invocation)).ToArray();
        var isJoined = body.Any(operation => operation is IInvocationOperation invocation && Joins(invocation, carillon));
        foreach (var operation in body)
        {
            if (operation is IVariableDeclaratorOperation { Symbol: var local } declaration
                && Begin(declaration) is { } begin
                && (call.HasOwnScope && IsOfUnitOfWork(begin, carillon) || !isJoined && IsTransaction(begin, local.Type))
                && IsOpenAt(call, declaration, body))
            {
                yield return local;
            }
        }
    }

    /// <summary>Whether it is of a context. A dispatch belongs to it by itself if contexts are followed; not one in a scope of its own, which is not that of the context.</summary>
    internal static bool IsOfContext(ILocalSymbol transaction, DispatchCall call) => transaction.Type.Name == "IDbContextTransaction" && !call.HasOwnScope;

    internal static bool IsUnitOfWork(ILocalSymbol local) => local.Type.Name is "UnitOfWork" or "JoinedUnitOfWork";

    private static IInvocationOperation? Begin(IVariableDeclaratorOperation declaration)
    {
        var value = declaration.GetVariableInitializer()?.Value;
        while (true)
        {
            switch (value)
            {
                case IAwaitOperation awaited:
                    value = awaited.Operation;
                    break;
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task }:
                    value = task;
                    break;
                default:
                    return value as IInvocationOperation;
            }
        }
    }

    private static bool IsTransaction(IInvocationOperation begin, ITypeSymbol type) =>
        begin.TargetMethod.Name.StartsWith("BeginTransaction", StringComparison.Ordinal)
        && (type.Name == "IDbContextTransaction"
            || type.ToDisplayString() == "System.Data.IDbTransaction"
            || type.AllInterfaces.Any(each => each.ToDisplayString() == "System.Data.IDbTransaction"));

    private static bool IsOfUnitOfWork(IInvocationOperation invocation, CarillonTypes carillon) =>
        invocation.TargetMethod is { Name: "BeginAsync" or "Join", ContainingType.Name: "IUnitOfWorkFactory" } && carillon.IsOfCore(invocation.TargetMethod);

    // Also a method of the application that says by its name that it joins.
    private static bool Joins(IInvocationOperation invocation, CarillonTypes carillon) =>
        IsOfUnitOfWork(invocation, carillon)
        || (invocation.TargetMethod.Name.Contains("Join") && invocation.Arguments.Any(argument => argument.Value.Type?.Name.Contains("Transaction") == true));

    private static bool IsOpenAt(DispatchCall call, IVariableDeclaratorOperation declaration, IEnumerable<IOperation> body)
    {
        var place = call.Invocation.Syntax.SpanStart;
        return declaration.Syntax.Span.End <= place
            && Scope(declaration.Syntax).Span.Contains(place)
            && !body.Any(operation => operation is IInvocationOperation end
                && Receiver(end) is ILocalReferenceOperation { Local: var local }
                && SymbolEqualityComparer.Default.Equals(local, declaration.Symbol)
                && Ends(end.TargetMethod)
                && end.Syntax.SpanStart < place);
    }

    // Also behind "transaction?.".
    private static IOperation? Receiver(IInvocationOperation call)
    {
        if (call.Instance is not IConditionalAccessInstanceOperation)
        {
            return call.Instance;
        }

        IOperation? access = call;
        while (access is not null and not IConditionalAccessOperation)
        {
            access = access.Parent;
        }

        return (access as IConditionalAccessOperation)?.Operation;
    }

    private static bool Ends(IMethodSymbol method) =>
        method.Name is "Commit" or "CommitAsync" or "CommittedAsync" or "Rollback" or "RollbackAsync" or "RolledBack" or "Dispose" or "DisposeAsync";

    private static SyntaxNode Scope(SyntaxNode declaration) =>
        declaration.Ancestors().FirstOrDefault(node => node is UsingStatementSyntax or BlockSyntax or SwitchSectionSyntax || node.IsKind(SyntaxKind.CompilationUnit))
        ?? declaration.SyntaxTree.GetRoot();
}
