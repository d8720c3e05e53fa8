using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>The id of a listener: the explicit one, or a natural one made of its type and method.</summary>
internal static class ListenerId
{
    internal static string Of(IMethodSymbol method, AttributeData attribute) => Explicit(attribute) ?? Natural(method);

    internal static string? Explicit(AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Id").Value.Value as string;

    // No namespace, so that moving a class keeps its stored deliveries. Every overload gets its event's name, whether or not another one has an
    // explicit id: giving one an id must not change the id of its neighbour.
    private static string Natural(IMethodSymbol method)
    {
        var id = $"{Nested(method.ContainingType)}.{method.Name}";
        return IsOverloaded(method) ? $"{id}({TypeNames.Simple(method.Parameters[0].Type)})" : id;
    }

    private static string Nested(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? $"{Nested(outer)}.{type.Name}" : type.Name;

    private static bool IsOverloaded(IMethodSymbol method) =>
        method.ContainingType.GetMembers(method.Name).Count(member => KnownTypes.FindAttribute(member, KnownTypes.IsListenerAttribute) is not null) > 1;
}
