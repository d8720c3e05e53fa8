using System.Collections.Concurrent;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Chains;

/// <summary>What the methods of one class dispatch, by themselves or by calling each other.</summary>
internal sealed class MethodCalls(INamedTypeSymbol type)
{
    private readonly ConcurrentBag<(ISymbol Caller, DispatchCall Call)> _dispatches = [];
    private readonly ConcurrentBag<(ISymbol Caller, ISymbol Called)> _calls = [];

    internal void Add(ISymbol caller, IInvocationOperation invocation, CarillonTypes carillon)
    {
        if (DispatchCall.Read(invocation, carillon) is { } call)
        {
            _dispatches.Add((Declaration(caller), call));
        }
        else if (SymbolEqualityComparer.Default.Equals(invocation.TargetMethod.ContainingType, type))
        {
            _calls.Add((Declaration(caller), Declaration(invocation.TargetMethod)));
        }
    }

    internal IEnumerable<DispatchCall> DispatchedBy(IMethodSymbol method)
    {
        var reached = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { Declaration(method) };
        var open = new Queue<ISymbol>(reached);
        while (open.Count > 0)
        {
            var current = open.Dequeue();
            foreach (var (caller, called) in _calls)
            {
                if (SymbolEqualityComparer.Default.Equals(caller, current) && reached.Add(called))
                {
                    open.Enqueue(called);
                }
            }
        }

        return _dispatches.Where(dispatch => reached.Contains(dispatch.Caller)).Select(dispatch => dispatch.Call);
    }

    // One symbol for both parts of a partial method, and for every use of a generic one.
    private static ISymbol Declaration(ISymbol symbol) => symbol is IMethodSymbol method ? (method.PartialDefinitionPart ?? method).OriginalDefinition : symbol;
}
