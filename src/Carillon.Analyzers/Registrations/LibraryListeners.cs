using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Registrations;

/// <summary>Listeners of a referenced assembly that nobody but this compilation can add.</summary>
internal static class LibraryListeners
{
    // What the generator writes; its classes in which code is found by the number of a listener are there if there is a listener.
    private const string Listeners = "GeneratedListeners";
    private const string Extensions = "GeneratedCarillonBuilderExtensions";
    private const string Invokers = "Invokers";

    /// <summary>The referenced assemblies whose listeners wait for this one to add them, with the method that does.</summary>
    internal static IEnumerable<IMethodSymbol> Find(Compilation compilation)
    {
        var references = compilation.SourceModule.ReferencedAssemblySymbols;
        return references
            .Select(assembly => (Assembly: assembly, Method: FindMethod(assembly)))
            .Where(each => each.Method is not null
                && HasListeners(each.Assembly)
                && !references.Any(other => References.Has(other, each.Assembly))
                && !MayAddThem(each.Assembly.GlobalNamespace, each.Method))
            .Select(each => each.Method!);
    }

    private static IMethodSymbol? FindMethod(IAssemblySymbol assembly)
    {
        var library = AssemblyReader.Identifier(assembly.Name);
        return assembly.GetTypeByMetadataName($"Carillon.{library}ListenersCarillonBuilderExtensions")?.GetMembers($"Add{library}Listeners").OfType<IMethodSymbol>().FirstOrDefault();
    }

    private static bool HasListeners(IAssemblySymbol assembly) =>
        assembly.GetTypeByMetadataName($"Carillon.{Listeners}")?.GetTypeMembers(Invokers).IsEmpty == false;

    // A module often has a method of its own that takes the services, or implements an interface for those who look for modules.
    private static bool MayAddThem(INamespaceOrTypeSymbol container, IMethodSymbol known) =>
        container.GetMembers().Any(member => member switch
        {
            { Name: Listeners or Extensions } => false,
            INamedTypeSymbol type => MayAddThem(type, known) || type.AllInterfaces.Any(each => each.GetMembers().OfType<IMethodSymbol>().Any(TakesSetup)),
            INamespaceSymbol inner => MayAddThem(inner, known),
            IMethodSymbol method => !SymbolEqualityComparer.Default.Equals(method, known) && TakesSetup(method),
            _ => false,
        });

    private static bool TakesSetup(IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Type switch
    {
        ITypeParameterSymbol type => type.ConstraintTypes.Any(IsSetup),
        INamedTypeSymbol type => IsSetup(type) || type.AllInterfaces.Any(IsSetup) || type.TypeArguments.Any(IsSetup),
        _ => false,
    });

    // A record prints itself into a StringBuilder.
    private static bool IsSetup(ITypeSymbol type) =>
        type.Name == "IServiceCollection" || (type.Name.EndsWith("Builder", StringComparison.Ordinal) && type.Name != "StringBuilder");
}
