using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Symbols;

/// <summary>Which listeners run after the dispatch, by the names of the enum's members: their numbers belong to the library.</summary>
internal static class DeliveryWord
{
    internal const string Durable = "durable";
    internal const string Background = "background";

    /// <summary>What the attribute says of a method; every step of a saga is durable.</summary>
    internal static string? Of(IMethodSymbol method, AttributeData attribute) => KnownTypes.FindSagaState(method.ContainingType) is null ? Of(attribute) : Durable;

    /// <summary>What the attribute says, in its constructor or by name.</summary>
    internal static string? Of(AttributeData attribute) =>
        KnownTypes.IsOnJobAttribute(attribute.AttributeClass) || KnownTypes.IsStartedByAttribute(attribute.AttributeClass) || KnownTypes.IsCompensatesAttribute(attribute.AttributeClass)
            ? Durable : attribute.ConstructorArguments
            .Concat(attribute.NamedArguments.Select(argument => argument.Value))
            .Where(argument => argument.Kind == TypedConstantKind.Enum)
            .Select(argument => Of(argument.Type, argument.Value))
            .FirstOrDefault(word => word is not null);

    internal static string? Of(ITypeSymbol? type, object? value) =>
        type is { Name: "Delivery", ContainingNamespace: { Name: "Carillon", ContainingNamespace.IsGlobalNamespace: true } }
            ? type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(member => member.HasConstantValue && Equals(member.ConstantValue, value))?.Name switch
            {
                "Durable" => Durable,
                "Background" => Background,
                "BeforeCommit" => "before-commit",
                "AfterCommit" => "after-commit",
                "AfterRollback" => "after-rollback",
                "AfterCompletion" => "after-completion",
                _ => null,
            }
            : null;
}
