using Carillon.Names.Internal;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Which methods can be listeners. The generator leaves out those that cannot, the analyzer says why: one rule for both.</summary>
internal static class ListenerRules
{
    /// <summary>The first thing that is wrong, with the words that complete its message.</summary>
    internal static (ListenerFault Fault, string Detail) Check(IMethodSymbol method, AttributeData attribute, Compilation compilation)
    {
        if (Kind(method) is { } kind)
        {
            return (ListenerFault.NotReachable, $"it is {kind}");
        }

        if (IsGeneric(method))
        {
            return (ListenerFault.Generic, method.IsGenericMethod ? "it has type parameters" : $"'{method.ContainingType.Name}' or a type around it has type parameters");
        }

        if (NoInstance(method) is { } reason)
        {
            return (ListenerFault.NoInstance, reason);
        }

        if (!Accessibility.IsReachable(method, compilation))
        {
            return (ListenerFault.NotReachable, "it, or a type around it, is private, protected or local to its file");
        }

        if (method.IsAsync && method.ReturnsVoid)
        {
            return (ListenerFault.AsyncVoid, string.Empty);
        }

        if (ListenerId.Explicit(attribute) == string.Empty)
        {
            return (ListenerFault.EmptyId, string.Empty);
        }

        if (ListenerPattern.Of(attribute) is { } pattern && NamePattern.Fault(pattern) is { } wrong)
        {
            return (ListenerFault.BadPattern, $"'{pattern}', but {wrong}");
        }

        return CheckParameters(method, compilation) is var checkedParameters && checkedParameters.Fault != ListenerFault.None ? checkedParameters
            : CheckJob(method.Parameters[0].Type, attribute) is var checkedJob && checkedJob.Fault != ListenerFault.None ? checkedJob
            : SagaMethodRules.Check(method, attribute, compilation);
    }

    // A job has one handler, which takes it exactly; whoever takes all jobs, or a job as an event, is never called.
    private static (ListenerFault Fault, string Detail) CheckJob(ITypeSymbol type, AttributeData attribute)
    {
        var name = type.ToDisplayString();
        return !KnownTypes.IsOnJobAttribute(attribute.AttributeClass) ? KnownTypes.IsJob(type) ? (ListenerFault.JobListenedTo, name) : (ListenerFault.None, string.Empty)
            : !KnownTypes.IsJob(type) ? (ListenerFault.NotAJob, $"'{name}', which is no job")
            : type.TypeKind == TypeKind.Interface || type.IsAbstract ? (ListenerFault.NotAJob, $"'{name}', and no job is of exactly this type")
            : (ListenerFault.None, string.Empty);
    }

    private static (ListenerFault Fault, string Detail) CheckParameters(IMethodSymbol method, Compilation compilation)
    {
        if (method.Parameters.IsEmpty)
        {
            return (ListenerFault.NoEvent, "it has no parameters");
        }

        var first = method.Parameters[0];
        if (KnownTypes.IsCancellationToken(first.Type) || KnownTypes.IsEventContext(first.Type) || KnownTypes.IsDispatcher(first.Type) || KnownTypes.IsServiceProvider(first.Type))
        {
            return (ListenerFault.NoEvent, $"its first parameter is the {first.Type.Name} '{first.Name}'");
        }

        if (ImpossibleEvent(first.Type) is { } reason)
        {
            return (ListenerFault.ImpossibleEvent, reason);
        }

        foreach (var parameter in method.Parameters)
        {
            if (CannotBePassed(parameter) is { } why)
            {
                return (ListenerFault.ParameterCannotBePassed, why);
            }

            if (ArgumentReader.HiddenKey(parameter, compilation) is { } hidden)
            {
                return (ListenerFault.NotReachable, $"the key of '{parameter.Name}' names '{hidden.ToDisplayString()}', which is private, protected or local to its file");
            }
        }

        return Pointers.AreIn(method.ReturnType)
            ? (ListenerFault.ParameterCannotBePassed, "it returns a pointer")
            : (ListenerFault.None, string.Empty);
    }

    // The block of extension members is a type without a name.
    private static string? Kind(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Ordinary => method.ContainingType.Name.Length == 0 ? "a member of an extension block" : null,
        MethodKind.LocalFunction => "a local function",
        MethodKind.AnonymousFunction => "a lambda",
        MethodKind.ExplicitInterfaceImplementation => "an explicit implementation of an interface",
        _ => "not an ordinary method",
    };

    private static bool IsGeneric(IMethodSymbol method)
    {
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.Arity > 0)
            {
                return true;
            }
        }

        return method.IsGenericMethod;
    }

    private static string? NoInstance(IMethodSymbol method) => method.ContainingType switch
    {
        { TypeKind: TypeKind.Interface } type => $"'{type.Name}' is an interface",
        _ when method.IsStatic => null,
        { TypeKind: TypeKind.Struct } type => $"'{type.Name}' is a struct, which is not a service",
        { IsAbstract: true } type => $"'{type.Name}' is abstract",
        _ => null,
    };

    private static string? ImpossibleEvent(ITypeSymbol type) => type switch
    {
        { IsRefLikeType: true } => "a ref struct lives on the stack only",
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => "a pointer is not an object",
        _ when Pointers.AreIn(type) => "it has pointers in it",
        { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => "an event is never null, so take the struct itself",
        _ => null,
    };

    private static string? CannotBePassed(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: not (RefKind.None or RefKind.In) } => $"'{parameter.Name}' is passed by reference",
        { Type: IPointerTypeSymbol or IFunctionPointerTypeSymbol } => $"'{parameter.Name}' is a pointer",
        _ when Pointers.AreIn(parameter.Type) => $"'{parameter.Name}' has pointers in it",
        _ when ArgumentReader.HasArrayAsKey(parameter) => $"the key of '{parameter.Name}' is an array, which is equal to no other one",
        { Type.IsRefLikeType: true } => $"'{parameter.Name}' is a ref struct, which no container can hold",
        _ => null,
    };
}
