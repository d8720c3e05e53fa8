using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Shapes;

/// <summary>What attributes of System.Text.Json say of a type or a member, by their names.</summary>
internal static class JsonAttributes
{
    private const string Namespace = "System.Text.Json.Serialization";

    internal static bool IsIncluded(ISymbol member) => Find(member, "JsonInclude") is not null;

    internal static bool HasConverter(ISymbol symbol) => Find(symbol, "JsonConverter") is not null;

    internal static bool HasDerivedTypes(ISymbol type) => Find(type, "JsonDerivedType") is not null;

    internal static bool IsConstructor(ISymbol method) => Find(method, "JsonConstructor") is not null;

    /// <summary>It is left out on purpose, or does for itself what JSON would do.</summary>
    internal static bool IsOfItsOwn(ISymbol member) => IsIgnored(member) || HasConverter(member) || Find(member, "JsonExtensionData") is not null;

    /// <summary>What it holds is filled, not replaced.</summary>
    internal static bool IsPopulated(ISymbol member) =>
        Find(member, "JsonObjectCreationHandling") is not null || Find(member.ContainingType, "JsonObjectCreationHandling") is not null;

    // With a condition it depends on the value.
    private static bool IsIgnored(ISymbol member) =>
        Find(member, "JsonIgnore") is { } attribute && attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Condition").Value.Value is null or 1;

    private static AttributeData? Find(ISymbol symbol, string name) => symbol.GetAttributes().FirstOrDefault(attribute =>
        attribute.AttributeClass?.Name == name + "Attribute" && attribute.AttributeClass.ContainingNamespace.ToDisplayString() == Namespace);
}
