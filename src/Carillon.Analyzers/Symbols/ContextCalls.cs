using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Symbols;

/// <summary>What a compilation says of the contexts of EF Core: that they are services, that there are events, and that the events follow them.</summary>
internal sealed class ContextCalls
{
    private readonly CarillonTypes _carillon;
    private readonly ConcurrentBag<Location> _additions = [];
    private readonly ConcurrentBag<ITypeSymbol> _contexts = [];
    private readonly ConcurrentBag<IMethodSymbol> _followings = [];

    private ContextCalls(CarillonTypes carillon) => _carillon = carillon;

    /// <summary>Whether this compilation has contexts and AddCarillon, and nobody has said that the contexts are followed. Once all of it has been read.</summary>
    internal bool AreForgotten =>
        _carillon.FollowsContexts && _followings.IsEmpty && !_additions.IsEmpty && !_contexts.IsEmpty && !_carillon.MayBeFollowedElsewhere;

    internal IEnumerable<Location> Additions => _additions;

    internal IEnumerable<ITypeSymbol> Contexts => _contexts;

    internal static ContextCalls Watch(CompilationStartAnalysisContext start, CarillonTypes carillon)
    {
        var calls = new ContextCalls(carillon);
        if (carillon.FollowsContexts)
        {
            start.RegisterOperationAction(
                operation => calls.Note(operation.Operation is IInvocationOperation invocation ? invocation.TargetMethod : ((IMethodReferenceOperation)operation.Operation).Method, operation.Operation),
                OperationKind.Invocation,
                OperationKind.MethodReference);
        }

        return calls;
    }

    private void Note(IMethodSymbol method, IOperation operation)
    {
        if (method.Name == "AddCarillon" && _carillon.IsOfCore(method))
        {
            _additions.Add(Position.OfName(operation));
        }
        else if (method is { Name: "UseEntityFrameworkCore", ContainingType.Name: CarillonTypes.ContextExtensions })
        {
            _followings.Add(method);
        }
        else if (IsAddition(method) && method.TypeArguments.LastOrDefault(IsContext) is { } context)
        {
            // The service comes before its implementation, and may be an interface.
            _contexts.Add(context);
        }
    }

    // AddDbContext, AddPooledDbContextFactory, and what other packages call theirs; not the check of a context's health.
    private static bool IsAddition(IMethodSymbol method) =>
        method.Name.StartsWith("Add", StringComparison.Ordinal)
        && method.Name.Contains("DbContext")
        && (method.ReducedFrom ?? method) is { IsExtensionMethod: true } extension
        && extension.Parameters[0].Type.Name is "IServiceCollection" or "IHostApplicationBuilder";

    private static bool IsContext(ITypeSymbol type)
    {
        for (var each = type; each is not null; each = each.BaseType)
        {
            if (each.Name == "DbContext" && each.ContainingNamespace?.ToDisplayString() == "Microsoft.EntityFrameworkCore")
            {
                return true;
            }
        }

        return false;
    }
}
