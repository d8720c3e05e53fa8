using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Shapes;

/// <summary>Which classes of a compilation others derive from. Looked for once, and only where somebody asks.</summary>
internal sealed class DerivedTypes(Compilation compilation)
{
    private readonly Lazy<Dictionary<ISymbol, string>> _byBase = new(() => Find(compilation));

    /// <summary>A class that derives from this one; null if there is none here.</summary>
    internal string? Of(ITypeSymbol type) => _byBase.Value.TryGetValue(type.OriginalDefinition, out var derived) ? derived : null;

    private static Dictionary<ISymbol, string> Find(Compilation compilation)
    {
        var found = new Dictionary<ISymbol, string>(SymbolEqualityComparer.Default);
        var namespaces = new Stack<INamespaceOrTypeSymbol>([compilation.Assembly.GlobalNamespace]);
        while (namespaces.Count > 0)
        {
            foreach (var member in namespaces.Pop().GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                namespaces.Push(member);
                if (member is INamedTypeSymbol { BaseType: { SpecialType: SpecialType.None } parent } type
                    && (!found.TryGetValue(parent.OriginalDefinition, out var other) || string.CompareOrdinal(type.Name, other) < 0))
                {
                    found[parent.OriginalDefinition] = type.Name;
                }
            }
        }

        return found;
    }
}
