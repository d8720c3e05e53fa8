using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Symbols;

/// <summary>A call that registers a listener in code: <c>AddListener&lt;TListener, TEvent&gt;</c> or <c>Listen&lt;TEvent&gt;</c>.</summary>
internal sealed class Registration
{
    private Registration(IInvocationOperation invocation, ITypeSymbol eventType)
    {
        Invocation = invocation;
        EventType = eventType;
    }

    internal IInvocationOperation Invocation { get; }

    internal ITypeSymbol EventType { get; }

    /// <summary>It is there from the start on; others come and go.</summary>
    internal bool IsOfBuilder => (Invocation.TargetMethod.IsExtensionMethod ? Invocation.TargetMethod.Parameters[0].Type : Invocation.TargetMethod.ContainingType).Name == "CarillonBuilder";

    /// <summary>It takes events by a pattern of names: its parameter does not say which.</summary>
    internal bool TakesByName => Option("Pattern") is not null || Invocation.TargetMethod.Parameters.Any(parameter => parameter.Name == "pattern");

    /// <summary>The name or pattern of names that its events have, where it is a constant.</summary>
    internal string? Pattern =>
        (Option("Pattern") ?? Invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "pattern")?.Value)?.ConstantValue is { HasValue: true, Value: string pattern } ? pattern : null;

    /// <summary>How messages name it.</summary>
    internal string Name => Id ?? Kind;

    /// <summary>The class that is the listener, or what the lambda is for.</summary>
    internal string Kind => Invocation.TargetMethod.Name == "AddListener" ? Invocation.TargetMethod.TypeArguments[0].Name : $"the lambda for {EventType.Name}";

    /// <summary>The id that the options give it, where it is a constant.</summary>
    internal string? Id => Option("Id")?.ConstantValue is { HasValue: true, Value: string id } ? id : null;

    internal string? Delivery => Option("Delivery") is { ConstantValue: { HasValue: true } constant } value ? DeliveryWord.Of(value.Type, constant.Value) : null;

    /// <summary>The lambda or method that is the listener; null for a class.</summary>
    internal IDelegateCreationOperation? Handler => Argument("handler");

    internal static Registration? Read(IOperation operation, CarillonTypes carillon) =>
        operation is IInvocationOperation { TargetMethod: { Name: "AddListener" or "Listen", IsGenericMethod: true } method } invocation && carillon.IsOfCore(method)
            // A class and its event; or an event, and of a lambda with a result that too.
            ? new Registration(invocation, method.TypeArguments[method.Name == "AddListener" ? method.TypeArguments.Length - 1 : 0])
            : null;

    private IOperation? Option(string name) =>
        Argument("configure")?.Target is IAnonymousFunctionOperation configure
            ? configure.Body.Descendants().OfType<ISimpleAssignmentOperation>()
                .FirstOrDefault(assignment => assignment.Target is IPropertyReferenceOperation { Property: { Name: var property, ContainingType.Name: "ListenOptions" } } && property == name)
                ?.Value
            : null;

    private IDelegateCreationOperation? Argument(string name)
    {
        var value = Invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == name)?.Value;
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value as IDelegateCreationOperation;
    }
}
