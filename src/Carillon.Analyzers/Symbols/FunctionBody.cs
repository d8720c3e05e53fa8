using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Symbols;

/// <summary>The code of one function, without that of lambdas and local functions in it.</summary>
internal static class FunctionBody
{
    /// <summary>The body that the operation is in.</summary>
    internal static IOperation Around(IOperation operation)
    {
        while (operation.Parent is { } parent and not IAnonymousFunctionOperation and not ILocalFunctionOperation)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Everything in it, in the order of the source.</summary>
    internal static IEnumerable<IOperation> Operations(IOperation body)
    {
        foreach (var child in body.ChildOperations)
        {
            if (child is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                continue;
            }

            yield return child;
            foreach (var inner in Operations(child))
            {
                yield return inner;
            }
        }
    }
}
