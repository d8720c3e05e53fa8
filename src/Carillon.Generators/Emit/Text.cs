using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Emit;

internal static class Text
{
    // Whatever the compiler takes for one.
    private static readonly char[] LineEnds = ['\r', '\n', '\u0085', '\u2028', '\u2029'];

    /// <summary>A string as a literal.</summary>
    internal static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A string as a comment, which ends where its line does.</summary>
    internal static string Comment(string text) => $"// {string.Join(" ", text.Split(LineEnds))}";
}
