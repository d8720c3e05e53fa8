using Carillon.Events;
using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads a type as an event.</summary>
internal static class EventReader
{
    /// <summary>The event, or null if no event is of exactly this type, or generated code cannot name it.</summary>
    internal static EventModel? Read(ITypeSymbol type, Compilation compilation)
    {
        if (!IsConcrete(type) || !Accessibility.IsReachable(type, compilation))
        {
            return null;
        }

        var attribute = KnownTypes.FindAttribute(type, KnownTypes.IsEventAttribute);
        return new EventModel(
            TypeNames.Of(type),
            TypeNames.Reflection((INamedTypeSymbol)type),
            SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) ? string.Empty : type.ContainingAssembly.Name,
            NameOf(type),
            Version(attribute),
            attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == "Errors").Value.Value is 1,
            FormerNames(attribute).ToEquatableArray(),
            Says(attribute, "Leaves"),
            Says(attribute, "NeedsSubscriber"),
            HowToCheckStop(type, compilation),
            TypeKeys.AssignableTo(type).ToEquatableArray())
        {
            CacheTags = CacheTemplate.ReadAll(type, compilation).ToEquatableArray(),
        };
    }

    internal static string? Name(AttributeData? attribute) => attribute?.ConstructorArguments.FirstOrDefault().Value as string;

    private static string NameOfOperation(ITypeSymbol type) => Name(KnownTypes.FindAttribute(type, KnownTypes.IsOperationAttribute)) ?? NameOf(type);

    private static string NameOf(ITypeSymbol type) =>
        Name(KnownTypes.FindAttribute(type, KnownTypes.IsEventAttribute))
        ?? (KnownTypes.OperationSuffix(type) is { } suffix ? NameOfOperation(((INamedTypeSymbol)type).TypeArguments[0]) + suffix : null)
        ?? EventName.Derive(TypeNames.Simple(type), TypeArguments(type).Select(TypeNames.Simple));

    private static int Version(AttributeData? attribute) =>
        attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == "Version").Value.Value as int? ?? 1;

    private static bool Says(AttributeData? attribute, string property) =>
        attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == property).Value.Value is true;

    private static IEnumerable<string> FormerNames(AttributeData? attribute) =>
        attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == "FormerNames").Value is { Kind: TypedConstantKind.Array, IsNull: false } names
            ? names.Values.Select(name => name.Value).OfType<string>()
            : [];

    // The same types that are registered for listeners in code: what can be stored under a name.
    private static bool IsConcrete(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Enum, IsAbstract: false, IsStatic: false, IsRefLikeType: false } named
        && named.SpecialType != SpecialType.System_Object
        && !KnownTypes.IsNamedEvent(named)
        && !HasOpenTypeParameters(named);

    private static bool HasOpenTypeParameters(INamedTypeSymbol type) => TypeArguments(type).Any(argument => argument switch
    {
        ITypeParameterSymbol => true,
        INamedTypeSymbol named => HasOpenTypeParameters(named),
        _ => false,
    });

    // Outermost first, as Type.GetGenericArguments gives them.
    private static IEnumerable<ITypeSymbol> TypeArguments(ITypeSymbol type) =>
        type is INamedTypeSymbol named
            ? (named.ContainingType is { } outer ? TypeArguments(outer) : []).Concat(named.TypeArguments)
            : [];

    private static StopCheck HowToCheckStop(ITypeSymbol type, Compilation compilation)
    {
        var contract = type.AllInterfaces.FirstOrDefault(KnownTypes.IsStoppableEvent)?.GetMembers("IsPropagationStopped").FirstOrDefault();
        if (contract is null)
        {
            return StopCheck.None;
        }

        // The member that "e.IsPropagationStopped" binds to must be the implementation, not one that hides it.
        var found = Hierarchy(type).SelectMany(current => current.GetMembers("IsPropagationStopped")).FirstOrDefault();
        return found is IPropertySymbol { GetMethod: { } getter }
            && SymbolEqualityComparer.Default.Equals(found, type.FindImplementationForInterfaceMember(contract))
            && compilation.IsSymbolAccessibleWithin(getter, compilation.Assembly)
                ? StopCheck.Property
                : StopCheck.Interface;
    }

    private static IEnumerable<ITypeSymbol> Hierarchy(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }
}
