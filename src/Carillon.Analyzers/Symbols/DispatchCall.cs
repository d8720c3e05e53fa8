using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Symbols;

/// <summary>A call that dispatches an event.</summary>
internal sealed class DispatchCall
{
    private DispatchCall(IInvocationOperation invocation) => Invocation = invocation;

    internal IInvocationOperation Invocation { get; }

    /// <summary>The type of the event as it is written, not converted to what the parameter asks for; null if it is dispatched by name.</summary>
    internal ITypeSymbol? EventType => Event?.Type;

    /// <summary>The event as it is written; null if it is dispatched by name.</summary>
    internal IOperation? Event
    {
        get
        {
            var value = Invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "event")?.Value;
            while (value is IConversionOperation { OperatorMethod: null } conversion)
            {
                value = conversion.Operand;
            }

            return value;
        }
    }

    internal string Name => Invocation.TargetMethod.Name;

    /// <summary>It asks the listeners for what they return.</summary>
    internal bool AsksForResults => Name is "CollectAsync" or "CollectByListenerAsync" or "FirstResultAsync";

    /// <summary>It opens a scope of its own: no unit of work of the caller is in it.</summary>
    internal bool HasOwnScope => Name == "DispatchInNewScopeAsync";

    internal static DispatchCall? Read(IOperation operation, CarillonTypes carillon) =>
        operation is IInvocationOperation invocation && IsDispatch(invocation.TargetMethod) && carillon.IsOfCore(invocation.TargetMethod)
            ? new DispatchCall(invocation)
            : null;

    private static bool IsDispatch(IMethodSymbol method) =>
        method.Name is "DispatchAsync" or "PublishAsync" or "EmitAsync" or "DispatchObjectAsync" or "DispatchInNewScopeAsync"
            or "CollectAsync" or "CollectByListenerAsync" or "FirstResultAsync";
}
