using System.Text;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>A path of properties that starts at an event, <c>Order.Id</c>, as it is written in attributes.</summary>
internal static class PropertyPath
{
    /// <summary>Follows the path.</summary>
    /// <param name="start">The type it starts at.</param>
    /// <param name="path">Names of properties, with dots between them.</param>
    /// <param name="compilation">Who reads them.</param>
    /// <returns>The path as code, each step with its dot, and the type at its end; or what is wrong.</returns>
    internal static (string Code, ITypeSymbol? Type, string? Fault) Follow(ITypeSymbol start, string path, Compilation compilation)
    {
        var code = new StringBuilder();
        var type = start;
        foreach (var name in path.Split('.'))
        {
            if (Find(type, name, compilation) is not { } property)
            {
                return (string.Empty, null, $"'{type.ToDisplayString()}' has no property '{name}' that can be read here{Nearest(type, name)}");
            }

            code.Append('.').Append(TypeNames.Escape(name));
            type = property.Type;
        }

        return (code.ToString(), type, null);
    }

    private static IPropertySymbol? Find(ITypeSymbol type, string name, Compilation compilation) =>
        Members(type, name).OfType<IPropertySymbol>().FirstOrDefault(property =>
            property is { IsStatic: false, IsIndexer: false, GetMethod: { } get } && compilation.IsSymbolAccessibleWithin(get, compilation.Assembly));

    private static IEnumerable<ISymbol> Members(ITypeSymbol type, string? name)
    {
        for (ITypeSymbol? each = type; each is not null; each = each.BaseType)
        {
            foreach (var member in name is null ? each.GetMembers() : each.GetMembers(name))
            {
                yield return member;
            }
        }

        foreach (var member in type.TypeKind == TypeKind.Interface ? type.AllInterfaces.SelectMany(each => name is null ? each.GetMembers() : each.GetMembers(name)) : [])
        {
            yield return member;
        }
    }

    private static string Nearest(ITypeSymbol type, string name) =>
        Members(type, name: null).FirstOrDefault(member => member is IPropertySymbol && string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)) is { } other
            ? $" (it has '{other.Name}')"
            : string.Empty;
}
