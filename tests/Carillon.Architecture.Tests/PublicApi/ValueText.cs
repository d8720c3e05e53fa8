using System.Globalization;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>Constants as C# writes them.</summary>
internal static class ValueText
{
    internal static string Of(object? value, Type type)
    {
        var isNullable = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => isNullable ? "null" : "default",
            Type named => $"typeof({TypeText.Of(named)})",
            IReadOnlyCollection<System.Reflection.CustomAttributeTypedArgument> items =>
                $"[{string.Join(", ", items.Select(item => Of(item.Value, item.ArgumentType)))}]",
            _ when type.IsEnum => Enumeration(Enum.ToObject(type, value), type),
            string text => $"\"{Escape(text)}\"",
            char character => $"'{Escape(character.ToString())}'",
            bool yes => yes ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException($"A constant of type {value.GetType()} has no C# text here: add it to {nameof(ValueText)}."),
        };
    }

    private static string Enumeration(object value, Type type)
    {
        var text = value.ToString()!;
        return char.IsLetter(text[0])
            ? string.Join(" | ", text.Split(", ").Select(name => $"{type.Name}.{name}"))
            : $"({type.Name}){text}";
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
}
