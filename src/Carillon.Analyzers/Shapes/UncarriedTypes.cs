using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Shapes;

/// <summary>Types of which JSON cannot carry a value, or not all of it.</summary>
internal static class UncarriedTypes
{
    private static readonly HashSet<string> _ofProcess =
    [
        "System.Type", "System.Reflection.MemberInfo", "System.Reflection.Assembly", "System.IO.Stream", "System.IO.TextReader", "System.IO.TextWriter",
        "System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask", "System.Threading.CancellationToken", "System.Threading.CancellationTokenSource",
        "System.Threading.Thread", "System.Threading.WaitHandle", "System.IServiceProvider", "System.Lazy", "System.WeakReference", "System.IntPtr", "System.UIntPtr",
        "System.Collections.Generic.IAsyncEnumerable", "System.Linq.IQueryable", "System.Linq.Expressions.Expression",
    ];

    private static readonly HashSet<string> _stacks =
    [
        "System.Collections.Generic.Stack", "System.Collections.Concurrent.ConcurrentStack", "System.Collections.Immutable.ImmutableStack", "System.Collections.Immutable.IImmutableStack",
    ];

    /// <summary>Why the type is not carried; null if nothing speaks against it.</summary>
    internal static string? Why(ITypeSymbol type)
    {
        if (type.TypeKind is TypeKind.Delegate or TypeKind.Pointer or TypeKind.FunctionPointer || type.IsRefLikeType || Hierarchy(type).Any(each => _ofProcess.Contains(Name(each))))
        {
            return "which means nothing outside of this process";
        }

        return Hierarchy(type).Any(each => Name(each) == "System.Exception") ? "of which JSON cannot carry all"
            : type is IArrayTypeSymbol { Rank: > 1 } ? "and JSON knows arrays of one dimension only"
            : type.IsTupleType ? "whose parts are fields, which JSON leaves out"
            : type.SpecialType == SpecialType.System_Object || type.TypeKind == TypeKind.Dynamic ? "so whatever it is comes back as a JsonElement"
            : _stacks.Contains(Name(type)) ? "which comes back upside down"
            : type.IsAbstract && !ElementTypeIsKnown(type) && IsNobodysBase(type) ? "which is abstract: it is written and cannot be read back"
            : null;
    }

    private static bool IsNobodysBase(ITypeSymbol type) =>
        !JsonAttributes.HasDerivedTypes(type) && !JsonAttributes.HasConverter(type) && Namespace(type) is not "System.Text.Json" and not "System.Text.Json.Nodes";

    private static bool ElementTypeIsKnown(ITypeSymbol type) => Events.ElementType.IsCollection(type);

    private static IEnumerable<ITypeSymbol> Hierarchy(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }

    private static string Name(ITypeSymbol type) => $"{Namespace(type)}.{type.Name}";

    private static string? Namespace(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString();
}
