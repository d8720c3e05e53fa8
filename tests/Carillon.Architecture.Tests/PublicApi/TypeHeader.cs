using System.Runtime.CompilerServices;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>The line that declares a type.</summary>
internal static class TypeHeader
{
    internal static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);

    internal static string Of(Type type)
    {
        if (type.IsEnum)
        {
            var underlying = Enum.GetUnderlyingType(type);
            return $"{Access(type)}enum {type.Name}{(underlying == typeof(int) ? "" : " : " + TypeText.Of(underlying))}";
        }

        var parameters = GenericsText.OwnParameters(type);
        var bases = Bases(type).ToArray();
        return Access(type) + Words(type) + TypeText.Simple(type) + GenericsText.Parameters(parameters)
            + (bases.Length == 0 ? "" : " : " + string.Join(", ", bases))
            + GenericsText.Constraints(parameters);
    }

    internal static string Delegate(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = GenericsText.OwnParameters(type);
        return $"{Access(type)}delegate {MemberText.Return(invoke)} {TypeText.Simple(type)}{GenericsText.Parameters(parameters)}"
            + $"({MemberText.Parameters(invoke)}){GenericsText.Constraints(parameters)};";
    }

    private static string Access(Type type) => type.IsPublic || type.IsNestedPublic ? "public " : "protected ";

    private static string Words(Type type) => (type, ApiMembers.IsRecord(type)) switch
    {
        ({ IsInterface: true }, _) => "interface ",
        ({ IsValueType: true }, var isRecord) =>
            (type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (isRecord ? "record struct " : "struct "),
        ({ IsAbstract: true, IsSealed: true }, _) => "static class ",
        (_, var isRecord) => (type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "") + (isRecord ? "record " : "class "),
    };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return TypeText.Of(parent);
        }

        // Reflection also lists what comes with a base or with another interface; C# names only the outermost.
        var all = type.GetInterfaces();
        var inherited = all.SelectMany(each => each.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        var own = all.Except(inherited).Where(each => !IsEquatableOfRecord(type, each)).Select(TypeText.Of);
        foreach (var each in own.Order(StringComparer.Ordinal))
        {
            yield return each;
        }
    }

    private static bool IsEquatableOfRecord(Type type, Type each) =>
        ApiMembers.IsRecord(type) && each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IEquatable<>);
}
