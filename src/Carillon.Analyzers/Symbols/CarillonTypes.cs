using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Symbols;

/// <summary>The types of Carillon in one compilation. Without them no rule has anything to look at.</summary>
internal sealed class CarillonTypes
{
    private CarillonTypes(Compilation compilation)
    {
        Compilation = compilation;
        Listener = compilation.GetTypeByMetadataName("Carillon.IListener`1");
        Core = compilation.GetTypeByMetadataName("Carillon.IEventBus")?.ContainingAssembly;
        FollowsContexts = compilation.GetTypeByMetadataName("Carillon.EntityFrameworkCarillonBuilderExtensions") is not null;
        EntityReference = compilation.GetTypeByMetadataName("Carillon.EntityRef`1");
    }

    internal Compilation Compilation { get; }

    /// <summary>IListener of T.</summary>
    internal INamedTypeSymbol? Listener { get; }

    /// <summary>The assembly of the dispatcher; null in one that has contracts only.</summary>
    internal IAssemblySymbol? Core { get; }

    /// <summary>Whether the transactions of EF Core are followed, so that a dispatch of their scope belongs to them by itself.</summary>
    internal bool FollowsContexts { get; }

    internal INamedTypeSymbol? EntityReference { get; }

    /// <summary>The types, or null if the compilation does not reference Carillon.</summary>
    internal static CarillonTypes? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName(KnownTypes.OnEventAttribute) is null ? null : new CarillonTypes(compilation);

    internal bool IsOfCore(ISymbol symbol) => Core is not null && SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, Core);
}
