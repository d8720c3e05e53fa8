using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Symbols;

/// <summary>The types of Carillon in one compilation. Without them no rule has anything to look at.</summary>
internal sealed class CarillonTypes
{
    /// <summary>Where UseEntityFrameworkCore is.</summary>
    internal const string ContextExtensions = "EntityFrameworkCarillonBuilderExtensions";

    private readonly IAssemblySymbol? _following;

    private CarillonTypes(Compilation compilation)
    {
        Compilation = compilation;
        Listener = compilation.GetTypeByMetadataName("Carillon.IListener`1");
        Core = compilation.GetTypeByMetadataName("Carillon.IEventBus")?.ContainingAssembly;
        _following = compilation.GetTypeByMetadataName($"Carillon.{ContextExtensions}")?.ContainingAssembly;
        EntityReference = compilation.GetTypeByMetadataName("Carillon.EntityRef`1");
    }

    internal Compilation Compilation { get; }

    /// <summary>IListener of T.</summary>
    internal INamedTypeSymbol? Listener { get; }

    /// <summary>The assembly of the dispatcher; null in one that has contracts only.</summary>
    internal IAssemblySymbol? Core { get; }

    /// <summary>Whether the contexts of EF Core can be followed, so that a dispatch of their scope belongs to their transactions by itself.</summary>
    internal bool FollowsContexts => _following is not null;

    /// <summary>Whether an assembly that is referenced could say that they are.</summary>
    internal bool MayBeFollowedElsewhere => Compilation.SourceModule.ReferencedAssemblySymbols.Any(each => References.Has(each, _following));

    internal INamedTypeSymbol? EntityReference { get; }

    /// <summary>The types, or null if the compilation does not reference Carillon.</summary>
    internal static CarillonTypes? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName(KnownTypes.OnEventAttribute) is null ? null : new CarillonTypes(compilation);

    internal bool IsOfCore(ISymbol symbol) => Core is not null && SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, Core);
}
