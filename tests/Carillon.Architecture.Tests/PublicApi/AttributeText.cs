using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>The attributes that a user of the API depends on: all but those with which the compiler notes what the C# text says already.</summary>
internal static class AttributeText
{
    private static readonly HashSet<string> Kept =
    [
        nameof(CallerArgumentExpressionAttribute), nameof(CallerFilePathAttribute), nameof(CallerLineNumberAttribute), nameof(CallerMemberNameAttribute),
        nameof(OverloadResolutionPriorityAttribute), nameof(InterpolatedStringHandlerAttribute), nameof(CollectionBuilderAttribute),
    ];

    private static readonly HashSet<string> LeftOut =
    [
        nameof(DefaultMemberAttribute), nameof(ParamArrayAttribute), "GeneratedCodeAttribute", "OptionalAttribute", "InAttribute", "OutAttribute",
        "ExcludeFromCodeCoverageAttribute", "DebuggerDisplayAttribute", "DebuggerStepThroughAttribute", "DebuggerTypeProxyAttribute", "StackTraceHiddenAttribute",
        "SetsRequiredMembersAttribute",
    ];

    internal static IReadOnlyList<string> Of(IEnumerable<CustomAttributeData> attributes) =>
        [.. attributes.Where(Matters).Select(Text).Order(StringComparer.Ordinal)];

    /// <summary>Before a parameter or a type parameter: on the same line.</summary>
    internal static string Inline(IEnumerable<CustomAttributeData> attributes) =>
        string.Concat(Of(attributes).Select(text => text + " "));

    private static bool Matters(CustomAttributeData attribute)
    {
        var type = attribute.AttributeType;
        return !LeftOut.Contains(type.Name)
            && type.Namespace?.StartsWith("Xunit", StringComparison.Ordinal) != true // with what a test is run is its own affair, and it notes where its source is
            && (type.Namespace != "System.Runtime.CompilerServices" || Kept.Contains(type.Name))
            && !IsCompilersOwnObsolete(attribute);
    }

    // On ref structs and on constructors of types with required members: a message to old compilers.
    private static bool IsCompilersOwnObsolete(CustomAttributeData attribute) =>
        attribute.AttributeType == typeof(ObsoleteAttribute)
        && attribute.ConstructorArguments is [{ Value: string message }, ..]
        && (message.StartsWith("Types with embedded references", StringComparison.Ordinal)
            || message.StartsWith("Constructors of types with required members", StringComparison.Ordinal));

    private static string Text(CustomAttributeData attribute)
    {
        var name = TypeText.Simple(attribute.AttributeType);
        name = name.EndsWith("Attribute", StringComparison.Ordinal) ? name[..^"Attribute".Length] : name;
        var arguments = attribute.ConstructorArguments.Select(argument => ValueText.Of(argument.Value, argument.ArgumentType))
            .Concat(attribute.NamedArguments
                .OrderBy(argument => argument.MemberName, StringComparer.Ordinal)
                .Select(argument => $"{argument.MemberName} = {ValueText.Of(argument.TypedValue.Value, argument.TypedValue.ArgumentType)}"))
            .ToArray();
        return arguments.Length == 0 ? $"[{name}]" : $"[{name}({string.Join(", ", arguments)})]";
    }
}
