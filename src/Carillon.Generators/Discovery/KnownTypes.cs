using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>The types that mean something to Carillon, recognised by name: the generator does not reference them.</summary>
internal static class KnownTypes
{
    internal const string OnEventAttribute = "Carillon.OnEventAttribute";
    internal const string OnJobAttribute = "Carillon.OnJobAttribute";
    internal const string StartedByAttribute = "Carillon.StartedByAttribute";
    internal const string CompensatesAttribute = "Carillon.CompensatesAttribute";
    internal const string InvalidatesCacheAttribute = "Carillon.InvalidatesCacheAttribute";
    internal const string EventAttribute = "Carillon.EventAttribute";
    internal const string CarillonBuilder = "Carillon.CarillonBuilder";

    internal static bool IsOnEventAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "OnEventAttribute");

    internal static bool IsOnJobAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "OnJobAttribute");

    internal static bool IsStartedByAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "StartedByAttribute");

    internal static bool IsCompensatesAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "CompensatesAttribute");

    internal static bool IsCorrelatedByAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "CorrelatedByAttribute");

    internal static bool IsSagaAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "SagaAttribute");

    internal static bool IsInvalidatesCacheAttribute(INamedTypeSymbol? type) => Is(type, "Carillon", "InvalidatesCacheAttribute");

    internal static bool IsCompensation(ITypeSymbol type) => Is(type, "Carillon.Sagas", "Compensation");

    internal static bool IsFormattable(ITypeSymbol type) => Is(type, "System", "IFormattable") || type.AllInterfaces.Any(each => Is(each, "System", "IFormattable"));

    /// <summary>What a saga keeps; null if the type is no saga.</summary>
    internal static ITypeSymbol? FindSagaState(INamedTypeSymbol? type)
    {
        for (var each = type?.BaseType; each is not null; each = each.BaseType)
        {
            if (Is(each, "Carillon", "Saga", arity: 1))
            {
                return each.TypeArguments[0];
            }
        }

        return null;
    }

    /// <summary>What makes a method one that generated code calls: a listener, the handler of a job, or a step of a saga.</summary>
    internal static bool IsListenerAttribute(INamedTypeSymbol? type) =>
        IsOnEventAttribute(type) || IsOnJobAttribute(type) || IsStartedByAttribute(type) || IsCompensatesAttribute(type);

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
