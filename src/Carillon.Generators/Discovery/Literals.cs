using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Discovery;

/// <summary>Constants as expressions.</summary>
internal static class Literals
{
    /// <summary>A constant that becomes a value of a parameter's type.</summary>
    internal static string Of(object? value, ITypeSymbol type)
    {
        if (value is null)
        {
            return "default";
        }

        var target = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        return target.TypeKind == TypeKind.Enum ? $"({TypeNames.Of(target)})({Primitive(value)})" : Primitive(value);
    }

    /// <summary>A constant that becomes an object: boxed as just the type that it has in the attribute.</summary>
    internal static string? Boxed(TypedConstant constant) => constant switch
    {
        { IsNull: true } => null,
        { Kind: TypedConstantKind.Array } => null,
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({TypeNames.Of(type)})",
        { Value: string or int or bool or char } and { Kind: TypedConstantKind.Primitive, Value: { } value } => Primitive(value),
        { Kind: TypedConstantKind.Enum or TypedConstantKind.Primitive, Type: { } type, Value: { } value } => $"({TypeNames.Of(type)})({Primitive(value)})",
        _ => null,
    };

    /// <summary>The type that stands in the expression of <see cref="Boxed"/>; null if there is none.</summary>
    internal static ITypeSymbol? NamedType(TypedConstant constant) => constant switch
    {
        { IsNull: false, Kind: TypedConstantKind.Type } => (ITypeSymbol?)constant.Value,
        { IsNull: false, Kind: TypedConstantKind.Enum } => constant.Type,
        _ => null,
    };

    private static string Primitive(object value) => value switch
    {
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        float => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) + "F",
        double => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) + "D",
        DateTime time => $"new global::System.DateTime({SymbolDisplay.FormatPrimitive(time.Ticks, quoteStrings: true, useHexadecimalNumbers: false)}L)",
        decimal => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) + "M",
        _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)!,
    };
}
