using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Symbols;

/// <summary>A call that dispatches an event.</summary>
internal sealed class DispatchCall
{
    private DispatchCall(IInvocationOperation invocation, IOperation @event)
    {
        Invocation = invocation;
        Event = @event;
    }

    internal IInvocationOperation Invocation { get; }

    /// <summary>The event, as it is written: not converted to what the parameter asks for.</summary>
    internal IOperation Event { get; }

    internal string Name => Invocation.TargetMethod.Name;

    /// <summary>It asks the listeners for what they return.</summary>
    internal bool AsksForResults => Name is "CollectAsync" or "FirstResultAsync";

    /// <summary>It opens a scope of its own: no unit of work of the caller is in it.</summary>
    internal bool HasOwnScope => Name == "DispatchInNewScopeAsync";

    internal static DispatchCall? Read(IOperation operation, CarillonTypes carillon) =>
        operation is IInvocationOperation invocation && IsDispatch(invocation.TargetMethod) && carillon.IsOfCore(invocation.TargetMethod) && EventOf(invocation) is { } @event
            ? new DispatchCall(invocation, @event)
            : null;

    private static bool IsDispatch(IMethodSymbol method) =>
        method.Name is "DispatchAsync" or "PublishAsync" or "EmitAsync" or "CollectAsync" or "FirstResultAsync" or "DispatchObjectAsync" or "DispatchInNewScopeAsync";

    private static IOperation? EventOf(IInvocationOperation invocation)
    {
        var value = invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "event")?.Value;
        while (value is IConversionOperation { OperatorMethod: null } conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }
}
