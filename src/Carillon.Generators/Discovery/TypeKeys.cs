using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>
/// Which listeners an event reaches, without symbols: an event has the keys of all types it can be assigned to, a listener those of all types
/// that fit its parameter, and they belong together when they share one.
/// </summary>
/// <remarks>
/// Covariance makes the event's side longer (an <c>ISaved&lt;Order&gt;</c> is an <c>ISaved&lt;object&gt;</c>), contravariance the listener's. Both
/// are bounded: what lies beyond is left to the run time, which uses a generated plan only if it names exactly the listeners that there are.
/// </remarks>
internal static class TypeKeys
{
    private const int MaxDepth = 3;
    private const int MaxForms = 32;

    /// <summary>The keys of every type that a value of this type can be assigned to.</summary>
    internal static IEnumerable<string> AssignableTo(ITypeSymbol type) => Upwards(type, 0).Distinct();

    /// <summary>The keys of the types that can be assigned to this one and are known by its name alone.</summary>
    internal static IEnumerable<string> Accepting(ITypeSymbol type) => Forms(type, 0, upwards: false).Distinct();

    private static IEnumerable<string> Upwards(ITypeSymbol type, int depth)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var form in Forms(current, depth, upwards: true))
            {
                yield return form;
            }
        }

        foreach (var implemented in type.AllInterfaces)
        {
            foreach (var form in Forms(implemented, depth, upwards: true))
            {
                yield return form;
            }
        }

        if (type.TypeKind == TypeKind.Interface)
        {
            yield return "object";
        }
    }

    // The same generic interface with every type argument that variance allows in its place.
    private static IReadOnlyList<string> Forms(ITypeSymbol type, int depth, bool upwards)
    {
        var own = TypeNames.Of(type);
        if (depth >= MaxDepth || type is not INamedTypeSymbol { TypeKind: TypeKind.Interface, ContainingType: null } named || !IsVariant(named))
        {
            return [own];
        }

        IReadOnlyList<string> forms = [TypeNames.Of(named.ConstructUnboundGenericType()) + ":"];
        for (var index = 0; index < named.Arity; index++)
        {
            var arguments = Arguments(named.TypeArguments[index], named.TypeParameters[index].Variance, depth, upwards);
            forms = forms.SelectMany(_ => arguments, (form, argument) => $"{form}{argument};").Take(MaxForms).ToArray();
        }

        return forms;
    }

    private static IReadOnlyList<string> Arguments(ITypeSymbol argument, VarianceKind variance, int depth, bool upwards) =>
        variance == VarianceKind.None || !argument.IsReferenceType ? [TypeNames.Of(argument)]
        : (variance == VarianceKind.Out) == upwards ? Upwards(argument, depth + 1).Distinct().ToArray()
        : Forms(argument, depth + 1, upwards: false);

    private static bool IsVariant(INamedTypeSymbol type) => type.TypeParameters.Any(parameter => parameter.Variance != VarianceKind.None);
}
