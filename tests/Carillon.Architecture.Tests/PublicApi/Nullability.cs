using System.Reflection;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>
/// The question marks of one type as it was written, in the order in which the compiler notes them: outside in, left to right.
/// NullabilityInfoContext is not used: it answers for run-time types and calls every unconstrained T nullable.
/// </summary>
/// <remarks>Format: https://github.com/dotnet/roslyn/blob/main/docs/features/nullable-metadata.md</remarks>
internal sealed class Nullability
{
    private const string Attribute = "System.Runtime.CompilerServices.NullableAttribute";
    private const string Context = "System.Runtime.CompilerServices.NullableContextAttribute";
    private const byte Annotated = 2;

    private readonly byte[] _flags;
    private readonly byte _otherwise;
    private int _next;

    private Nullability(byte[] flags, byte otherwise) => (_flags, _otherwise) = (flags, otherwise);

    internal static Nullability Unknown => new([], 0);

    /// <param name="member">A field, property or event; or a type parameter.</param>
    internal static Nullability Of(MemberInfo member) =>
        new(Flags(member.CustomAttributes), ContextOf(member is Type { DeclaringMethod: { } method } ? method : member.DeclaringType));

    /// <param name="parameter">The parameter, or the return value.</param>
    internal static Nullability Of(ParameterInfo parameter) =>
        new(Flags(parameter.CustomAttributes), ContextOf(parameter.Member));

    /// <summary>Call once for each reference type, array, type parameter and generic value type that is met.</summary>
    internal bool NextIsAnnotated() => NextIs(Annotated);

    internal bool NextIs(byte flag) => Next() == flag;

    private byte Next() => _flags.Length switch
    {
        0 => _otherwise,
        1 => _flags[0],
        _ => _flags[_next++],
    };

    private static byte[] Flags(IEnumerable<CustomAttributeData> attributes) =>
        attributes.FirstOrDefault(attribute => attribute.AttributeType.FullName == Attribute)?.ConstructorArguments[0].Value switch
        {
            byte all => [all],
            IEnumerable<CustomAttributeTypedArgument> each => [.. each.Select(flag => (byte)flag.Value!)],
            _ => [],
        };

    private static byte ContextOf(MemberInfo? member)
    {
        for (; member is not null; member = member.DeclaringType)
        {
            if (member.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.FullName == Context) is { } context)
            {
                return (byte)context.ConstructorArguments[0].Value!;
            }
        }

        return 0;
    }
}
