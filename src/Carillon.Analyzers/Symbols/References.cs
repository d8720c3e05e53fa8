using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Symbols;

/// <summary>What referenced assemblies know of each other: the compiler leaves out what the code of one does not use.</summary>
internal static class References
{
    internal static bool Has(IAssemblySymbol assembly, IAssemblySymbol? other) =>
        other is not null && assembly.Modules.Any(module => module.ReferencedAssemblies.Any(each => each.Name == other.Name));
}
