using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Which methods can be steps of a saga.</summary>
internal static class SagaMethodRules
{
    internal static (ListenerFault Fault, string Detail) Check(IMethodSymbol method, AttributeData attribute, Compilation compilation)
    {
        var compensates = KnownTypes.IsCompensatesAttribute(attribute.AttributeClass);
        if (KnownTypes.FindSagaState(method.ContainingType) is null)
        {
            return compensates || KnownTypes.IsStartedByAttribute(attribute.AttributeClass)
                ? (ListenerFault.NotInSaga, "its class is no saga: derive it from Saga<TState>")
                : (ListenerFault.None, string.Empty);
        }

        if (WhyNot(method, attribute) is { } reason)
        {
            return (ListenerFault.NotInSaga, reason);
        }

        return (compensates ? WhyNotCompensating(method, attribute) : WhyNotInSaga(method, attribute)) is { } fault
            ? (ListenerFault.NotInSaga, fault)
            : compensates ? (ListenerFault.None, string.Empty) : CheckKey(method, compilation);
    }

    private static string? WhyNot(IMethodSymbol method, AttributeData attribute) =>
        KnownTypes.IsOnJobAttribute(attribute.AttributeClass) ? "it handles a job, and a saga listens to events: let the handler dispatch one"
        : method.IsStatic ? "it is static, and the state of a saga belongs to an instance"
        : method.ContainingType.GetMembers().Any(member => KnownTypes.FindAttribute(member, KnownTypes.IsStartedByAttribute) is not null) ? null
        : "no method of its class has [StartedBy], so that the saga never begins";

    private static string? WhyNotCompensating(IMethodSymbol method, AttributeData attribute) =>
        !KnownTypes.IsCompensation(method.Parameters[0].Type) ? "its first parameter is not the Compensation"
        : SagaReader.FindCompensated(method, attribute) is null ? $"its saga has no step '{attribute.ConstructorArguments.FirstOrDefault().Value}' with [StartedBy] or [OnEvent] that it could undo"
        : Others(method).Any(other => KnownTypes.FindAttribute(other, KnownTypes.IsCompensatesAttribute) is { } each
            && Equals(each.ConstructorArguments.FirstOrDefault().Value, attribute.ConstructorArguments.FirstOrDefault().Value)) ? "another method of the saga undoes the same step"
        : null;

    private static string? WhyNotInSaga(IMethodSymbol method, AttributeData attribute)
    {
        if (KnownTypes.IsCompensation(method.Parameters[0].Type))
        {
            return "it takes the Compensation, which comes to methods with [Compensates]";
        }

        if (KnownTypes.IsOnEventAttribute(attribute.AttributeClass) && attribute.ConstructorArguments.LastOrDefault() is { Kind: TypedConstantKind.Enum, Value: not (0 or 1) })
        {
            return "it says another delivery, and a method of a saga is durable: leave the delivery out";
        }

        return Others(method).FirstOrDefault(other => !other.Parameters.IsEmpty
                && KnownTypes.FindAttribute(other, KnownTypes.IsListenerAttribute) is not null
                && SymbolEqualityComparer.Default.Equals(other.Parameters[0].Type, method.Parameters[0].Type)) is { } same
            ? $"'{same.Name}' takes the same event, and which of them comes first would be up to chance"
            : null;
    }

    private static (ListenerFault Fault, string Detail) CheckKey(IMethodSymbol method, Compilation compilation)
    {
        var type = method.Parameters[0].Type;
        if (SagaReader.FindPath(method) is not { } path)
        {
            return (ListenerFault.Uncorrelated, $"nothing says by which property '{type.ToDisplayString()}' finds its saga");
        }

        var (_, end, fault) = PropertyPath.Follow(type, path, compilation);
        return fault is not null ? (ListenerFault.Uncorrelated, fault)
            : IsKey(end!) ? (ListenerFault.None, string.Empty)
            : (ListenerFault.Uncorrelated, $"'{path}' of '{type.ToDisplayString()}' is of the type '{end!.ToDisplayString()}', which is no key: it is neither a string nor IFormattable");
    }

    private static bool IsKey(ITypeSymbol type) => type.SpecialType == SpecialType.System_String || KnownTypes.IsFormattable(type);

    private static IEnumerable<IMethodSymbol> Others(IMethodSymbol method) =>
        method.ContainingType.GetMembers().OfType<IMethodSymbol>().Where(other => !SymbolEqualityComparer.Default.Equals(other, method) && other.PartialDefinitionPart is null);
}
