using System.Globalization;

namespace Carillon.Sagas;

/// <summary>Keys as text. Generated code calls this.</summary>
public static class SagaKey
{
    internal const int MaxLength = 200;

    /// <summary>A text as it is.</summary>
    public static string? Of(string? value) => value;

    /// <summary>A value that formats itself, whatever the culture.</summary>
    public static string? Of<T>(T value)
        where T : IFormattable? =>
        value?.ToString(format: null, CultureInfo.InvariantCulture);
}
