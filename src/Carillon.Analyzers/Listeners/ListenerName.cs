using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Listeners;

/// <summary>How messages name a method.</summary>
internal static class ListenerName
{
    private static readonly SymbolDisplayFormat FullFormat = SymbolDisplayFormat.CSharpErrorMessageFormat;

    /// <summary>The type and the method; a lambda has no name.</summary>
    internal static string Of(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.AnonymousFunction => "The lambda",
        MethodKind.LocalFunction => method.Name,
        _ => $"{method.ContainingType.Name}.{method.Name}",
    };

    /// <summary>With namespace and parameters, for two methods that share their short name.</summary>
    internal static string Full(IMethodSymbol method) => method.ToDisplayString(FullFormat);
}
