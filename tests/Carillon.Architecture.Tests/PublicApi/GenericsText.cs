using System.Reflection;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>Type parameters and their constraints as C# writes them.</summary>
internal static class GenericsText
{
    private const byte NotAnnotated = 1;

    /// <summary><c>&lt;in T, U&gt;</c>, or nothing.</summary>
    internal static string Parameters(IReadOnlyList<Type> parameters) =>
        parameters.Count == 0 ? "" : $"<{string.Join(", ", parameters.Select(Parameter))}>";

    /// <summary><c> where T : notnull</c> for each that has one.</summary>
    internal static string Constraints(IEnumerable<Type> parameters) =>
        string.Concat(parameters.Select(parameter => (parameter.Name, Constraints: string.Join(", ", ConstraintsOf(parameter))))
            .Where(parameter => parameter.Constraints.Length > 0)
            .Select(parameter => $" where {parameter.Name} : {parameter.Constraints}"));

    /// <summary>Those that a nested type declares itself: reflection repeats those of the types around it.</summary>
    internal static Type[] OwnParameters(Type type) =>
        type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..];

    private static string Parameter(Type parameter)
    {
        var variance = (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Contravariant => "in ",
            GenericParameterAttributes.Covariant => "out ",
            _ => "",
        };
        return AttributeText.Inline(parameter.CustomAttributes) + variance + parameter.Name;
    }

    private static IEnumerable<string> ConstraintsOf(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes;
        var types = parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).ToArray();
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            yield return Nullability.Of(parameter).NextIsAnnotated() ? "class?" : "class";
        }
        else if (isStruct)
        {
            yield return "struct";
        }
        else if (types.Length == 0 && Nullability.Of(parameter).NextIs(NotAnnotated))
        {
            yield return "notnull";
        }

        foreach (var type in types)
        {
            yield return TypeText.Of(type);
        }

        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
        {
            yield return "new()";
        }

        if (flags.HasFlag(GenericParameterAttributes.AllowByRefLike))
        {
            yield return "allows ref struct";
        }
    }
}
