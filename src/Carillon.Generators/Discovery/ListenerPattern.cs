using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>The name, or the pattern of names, to which a method listens.</summary>
internal static class ListenerPattern
{
    /// <summary>The pattern; null if the type of the event alone decides.</summary>
    internal static string? Of(AttributeData attribute) =>
        KnownTypes.IsOnEventAttribute(attribute.AttributeClass) ? attribute.ConstructorArguments.FirstOrDefault().Value as string : null;
}
