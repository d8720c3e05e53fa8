using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Symbols;

/// <summary>Whether an event reaches a listener: as at run time, if its type can be assigned to that of the listener's parameter.</summary>
internal static class Reach
{
    internal static bool Reaches(ITypeSymbol dispatched, ITypeSymbol taken, Compilation compilation) =>
        compilation.ClassifyCommonConversion(dispatched, taken) is { Exists: true, IsImplicit: true, IsUserDefined: false, IsNumeric: false };
}
