using System.Text;
using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads what is needed of the assembly itself.</summary>
internal static class AssemblyReader
{
    /// <summary>The assembly, or null if it does not reference Carillon: one that has only contracts has nothing to register with.</summary>
    internal static AssemblyModel? Read(Compilation compilation)
    {
        if (compilation.GetTypeByMetadataName(KnownTypes.CarillonBuilder) is null)
        {
            return null;
        }

        var isLibrary = compilation.Options.OutputKind is OutputKind.DynamicallyLinkedLibrary or OutputKind.NetModule;
        return new AssemblyModel(isLibrary ? Identifier(compilation.AssemblyName ?? string.Empty) : null);
    }

    /// <summary>How an assembly is called in the method that adds its listeners: "acme.orders-core" is AcmeOrdersCore.</summary>
    internal static string Identifier(string assemblyName)
    {
        var identifier = new StringBuilder();
        var startsWord = true;
        foreach (var character in assemblyName)
        {
            if (!char.IsLetterOrDigit(character))
            {
                startsWord = true;
                continue;
            }

            identifier.Append(startsWord ? char.ToUpperInvariant(character) : character);
            startsWord = false;
        }

        return identifier.Length == 0 || char.IsDigit(identifier[0]) ? $"_{identifier}" : identifier.ToString();
    }
}
