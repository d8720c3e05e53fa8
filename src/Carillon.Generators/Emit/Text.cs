using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Emit;

internal static class Text
{
    /// <summary>A string as a literal.</summary>
    internal static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
