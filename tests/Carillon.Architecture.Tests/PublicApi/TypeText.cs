namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>Types as C# writes them, without their namespaces.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    internal static string Of(Type type) => Of(type, Nullability.Unknown);

    internal static string Of(Type type, Nullability nullability)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!, nullability) + "*";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying, nullability) + "?";
        }

        var noted = !type.IsValueType || type.IsGenericType || type.IsGenericParameter;
        var mark = noted && nullability.NextIsAnnotated() ? "?" : "";
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, nullability)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        return Keywords.TryGetValue(type, out var keyword) ? keyword + mark : Named(type, nullability) + mark;
    }

    /// <summary>The name that a type is declared with: <c>Outer.Inner&lt;T&gt;</c> is <c>Inner&lt;T&gt;</c>.</summary>
    internal static string Simple(Type type) => type.Name.Split('`')[0];

    private static string Named(Type type, Nullability nullability)
    {
        if (type.IsGenericParameter || (!type.IsGenericType && !type.IsNested))
        {
            return type.Name;
        }

        // The arguments of a nested type include those of the types around it: Outer<T>.Inner<U> has two.
        var arguments = new Queue<Type>(type.GetGenericArguments());
        var isTuple = type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true;
        var parts = Chain(type).Select(part =>
        {
            var own = part.GetGenericArguments().Length - (part.DeclaringType?.GetGenericArguments().Length ?? 0);
            var texts = Enumerable.Range(0, own).Select(_ => Of(arguments.Dequeue(), nullability)).ToArray();
            return (own, isTuple) switch
            {
                (0, _) => Simple(part),
                (_, true) => $"({string.Join(", ", texts)})",
                _ => $"{Simple(part)}<{string.Join(", ", texts)}>",
            };
        });
        return string.Join('.', parts.ToArray());
    }

    private static IEnumerable<Type> Chain(Type type) =>
        type.DeclaringType is { } outer && !type.IsGenericParameter ? Chain(outer).Append(type) : [type];
}
