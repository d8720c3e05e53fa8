using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>Which types and members another assembly can see, in the order in which they are printed.</summary>
internal static class ApiMembers
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    internal static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    internal static bool IsVisible(Type type) =>
        type.IsPublic || (type.IsNested && IsVisible(type.DeclaringType!)
            && (type.IsNestedPublic || ((type.IsNestedFamily || type.IsNestedFamORAssem) && !type.DeclaringType!.IsSealed)));

    internal static IEnumerable<Type> NestedTypes(Type type) =>
        type.GetNestedTypes(Declared).Where(IsVisible).OrderBy(nested => nested.Name, StringComparer.Ordinal);

    /// <summary>Each member with its attributes, as lines: constructors, fields, properties, events, methods.</summary>
    internal static IEnumerable<IEnumerable<string>> Of(Type type)
    {
        var isRecord = IsRecord(type);
        return Ordered(type.GetConstructors(Declared).Where(constructor => !constructor.IsStatic && IsVisible(constructor) && IsWritten(constructor)), MemberText.Constructor)
            .Concat(Ordered(type.GetFields(Declared).Where(field => field.IsPublic || (!type.IsSealed && (field.IsFamily || field.IsFamilyOrAssembly))), MemberText.Field))
            .Concat(Ordered(type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible) && !(isRecord && property.Name == "EqualityContract")), MemberText.Property))
            .Concat(Ordered(type.GetEvents(Declared).Where(@event => IsVisible(@event.AddMethod!)), MemberText.Event))
            .Concat(Ordered(type.GetMethods(Declared).Where(method => IsVisible(method) && !IsAccessor(method) && IsWritten(method)), MemberText.Method));

        // What the compiler adds to a record is said by the word record.
        bool IsWritten(MethodBase method) => !isRecord || !method.IsDefined(typeof(CompilerGeneratedAttribute));
    }

    internal static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true);

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static IEnumerable<IEnumerable<string>> Ordered<TMember>(IEnumerable<TMember> members, Func<TMember, string> text)
        where TMember : MemberInfo =>
        members.Select(member => (member.Name, Text: text(member), Attributes: AttributeText.Of(member.CustomAttributes)))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Text, StringComparer.Ordinal)
            .Select(member => member.Attributes.Append(member.Text));
}
