using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads a method of a saga. What is wrong is found before, by <see cref="SagaMethodRules"/>.</summary>
internal static class SagaReader
{
    /// <summary>The saga, or null if the method is in none.</summary>
    internal static SagaModel? Read(IMethodSymbol method, AttributeData attribute, Compilation compilation)
    {
        if (KnownTypes.FindSagaState(method.ContainingType) is not { } state)
        {
            return null;
        }

        var named = KnownTypes.FindAttribute(method.ContainingType, KnownTypes.IsSagaAttribute);
        var undone = KnownTypes.IsCompensatesAttribute(attribute.AttributeClass) ? FindCompensated(method, attribute) : null;
        return new SagaModel(
            named?.ConstructorArguments.FirstOrDefault().Value as string ?? method.ContainingType.Name,
            Named(named, "Version") as int? ?? 1,
            Named(named, "Early") is 1,
            KnownTypes.IsStartedByAttribute(attribute.AttributeClass) ? "Start" : undone is null ? "Continue" : "Compensate",
            TypeNames.Of(state),
            undone is null && FindPath(method) is { } path ? PropertyPath.Follow(method.Parameters[0].Type, path, compilation).Code : null,
            undone is null ? null : ListenerId.Of(undone, KnownTypes.FindAttribute(undone, KnownTypes.IsListenerAttribute)!));
    }

    /// <summary>By which property the event of the method says its saga; null if nothing is said.</summary>
    internal static string? FindPath(IMethodSymbol method) =>
        (KnownTypes.FindAttribute(method, KnownTypes.IsCorrelatedByAttribute) ?? KnownTypes.FindAttribute(method.ContainingType, KnownTypes.IsCorrelatedByAttribute))
            ?.ConstructorArguments.FirstOrDefault().Value as string;

    /// <summary>The step that the method undoes; null if there is none of this name.</summary>
    internal static IMethodSymbol? FindCompensated(IMethodSymbol method, AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault().Value is string name
            ? method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(each =>
                KnownTypes.FindAttribute(each, KnownTypes.IsListenerAttribute) is { } step && !KnownTypes.IsCompensatesAttribute(step.AttributeClass))
            : null;

    private static object? Named(AttributeData? attribute, string name) => attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;
}
