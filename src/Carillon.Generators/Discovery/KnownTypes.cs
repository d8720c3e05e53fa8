using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>The types that mean something to Carillon, recognised by name: the generator does not reference them.</summary>
internal static class KnownTypes
{
    internal const string OnEventAttribute = "Carillon.OnEventAttribute";
    internal const string OnJobAttribute = "Carillon.OnJobAttribute";
    internal const string EventAttribute = "Carillon.EventAttribute";
    internal const string CarillonBuilder = "Carillon.CarillonBuilder";

    internal static bool IsOnEventAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "OnEventAttribute");

    internal static bool IsOnJobAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "OnJobAttribute");

    /// <summary>What makes a method one that generated code calls: a listener, or the handler of a job.</summary>
    internal static bool IsListenerAttribute(INamedTypeSymbol? type) => IsOnEventAttribute(type) || IsOnJobAttribute(type);

    internal static bool IsUniqueAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "UniqueAttribute");

    internal static bool IsEventAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "EventAttribute");

    internal static bool IsOperationAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "OperationAttribute");

    internal static bool IsFromKeyedServicesAttribute(INamedTypeSymbol? type) =>
        Is(type, "Microsoft.Extensions.DependencyInjection", "FromKeyedServicesAttribute");

    internal static bool IsStoppableEvent(ITypeSymbol type) => Is(type, "Carillon", "IStoppableEvent");

    /// <summary>What stands behind the name of an operation before and after it.</summary>
    internal static string? OperationSuffix(ITypeSymbol type) =>
        Is(type, "Carillon.Operations", "Before", arity: 1) ? ".before"
        : Is(type, "Carillon.Operations", "After", arity: 2) ? ".after"
        : null;

    internal static bool IsNamedEvent(ITypeSymbol type) => Is(type, "Carillon", "NamedEvent");

    internal static bool IsJob(ITypeSymbol type) => Is(type, "Carillon", "IJob") || type.AllInterfaces.Any(each => Is(each, "Carillon", "IJob"));

    internal static bool IsProjection(ITypeSymbol type) => type.AllInterfaces.Any(each => Is(each, "Carillon.EventSourcing", "IProjection"));

    internal static bool IsEventContext(ITypeSymbol type) => Is(type, "Carillon", "EventContext");

    internal static bool IsCancellationToken(ITypeSymbol type) => Is(type, "System.Threading", "CancellationToken");

    internal static bool IsServiceProvider(ITypeSymbol type) => Is(type, "System", "IServiceProvider");

    internal static bool IsDispatcher(ITypeSymbol type) => Is(type, "Carillon", "IEventDispatcher") || Is(type, "Carillon", "IEventBus");

    internal static bool IsTask(ITypeSymbol type) => Is(type, "System.Threading.Tasks", "Task");

    internal static bool IsTaskOfT(ITypeSymbol type) => Is(type, "System.Threading.Tasks", "Task", arity: 1);

    internal static bool IsValueTask(ITypeSymbol type) => Is(type, "System.Threading.Tasks", "ValueTask");

    internal static bool IsValueTaskOfT(ITypeSymbol type) => Is(type, "System.Threading.Tasks", "ValueTask", arity: 1);

    internal static bool IsDbTransaction(ITypeSymbol type) => IsOrDerivesFrom(type, "System.Data.Common", "DbTransaction");

    internal static bool IsDbConnection(ITypeSymbol type) => IsOrDerivesFrom(type, "System.Data.Common", "DbConnection");

    internal static AttributeData? FindAttribute(ISymbol symbol, Func<INamedTypeSymbol?, bool> isIt) =>
        symbol.GetAttributes().FirstOrDefault(attribute => isIt(attribute.AttributeClass));

    private static bool IsOrDerivesFrom(ITypeSymbol type, string containingNamespace, string name)
    {
        for (ITypeSymbol? each = type; each is not null; each = each.BaseType)
        {
            if (Is(each, containingNamespace, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ITypeSymbol? type, string containingNamespace, string name, int arity = 0) =>
        type is INamedTypeSymbol { ContainingType: null } named
        && named.Arity == arity
        && named.Name == name
        && named.ContainingNamespace?.ToDisplayString() == containingNamespace;
}
