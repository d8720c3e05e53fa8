using System.Reflection;
using Carillon.Operations;

namespace Carillon.Events.Internal;

/// <summary>What a type of event is called. The generator says the same at compile time.</summary>
internal static class TypeName
{
    internal static string Of(Type type) => Of(type, type.GetCustomAttribute<EventAttribute>(inherit: false));

    internal static string Of(Type type, EventAttribute? attribute) =>
        attribute?.Name
        ?? (type.IsGenericType ? OfPhase(type) : null)
        ?? EventName.Derive(SimpleName(type), type.GetGenericArguments().Select(SimpleName));

    /// <summary>What an operation is called that is described by the type.</summary>
    internal static string OfOperation(Type operation) =>
        operation.GetCustomAttribute<OperationAttribute>(inherit: false)?.Name ?? Of(operation);

    // What is before user.create is user.create.before, whatever the operation is called as a type.
    private static string? OfPhase(Type type)
    {
        var definition = type.GetGenericTypeDefinition();
        var suffix = definition == typeof(Before<>) ? ".before" : definition == typeof(After<,>) ? ".after" : null;
        return suffix is null ? null : OfOperation(type.GetGenericArguments()[0]) + suffix;
    }

    private static string SimpleName(Type type)
    {
        var arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? type.Name : type.Name[..arity];
    }
}
