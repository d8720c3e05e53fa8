using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads what [OnEvent] and [Unique] say of deliveries.</summary>
internal static class DurableReader
{
    internal static DurableModel Read(IMethodSymbol method, AttributeData attribute) => new(
        Named(attribute, "Queue") as string,
        Number(attribute, "TimeoutSeconds"),
        Named(attribute, "Transactional") is true,
        Named(attribute, "Ordered") is true,
        Named(attribute, "SkipsFailed") is true,
        Number(attribute, "MaxPerKey"),
        Number(attribute, "RememberSeconds"),
        KnownTypes.FindAttribute(method, KnownTypes.IsUniqueAttribute) is { } unique ? Unique(unique) : null);

    private static UniqueModel Unique(AttributeData attribute) => new(
        attribute.ConstructorArguments.FirstOrDefault().Value is 0,
        Number(attribute, "ForSeconds"),
        Named(attribute, "Replaces") is true,
        Number(attribute, "MaxWaitSeconds"));

    private static int Number(AttributeData attribute, string name) => Named(attribute, name) as int? ?? 0;

    private static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { Kind: not TypedConstantKind.Array } value ? value.Value : null;
}
