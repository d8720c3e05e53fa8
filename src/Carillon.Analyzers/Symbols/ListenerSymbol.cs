using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Symbols;

/// <summary>A method that is a listener, by attribute or by interface.</summary>
internal sealed class ListenerSymbol
{
    private ListenerSymbol(IMethodSymbol method, ITypeSymbol eventType, AttributeData? attribute)
    {
        Method = method;
        EventType = eventType;
        Delivery = attribute is null ? null : DeliveryWord.Of(method, attribute);
        Pattern = attribute is null ? null : ListenerPattern.Of(attribute);
    }

    internal IMethodSymbol Method { get; }

    internal ITypeSymbol EventType { get; }

    /// <summary>"durable", "background" or a phase of a unit of work; null for a listener that runs inside the dispatch, or whose registration decides.</summary>
    internal string? Delivery { get; }

    /// <summary>The name or pattern of names that its events have; null if the type alone decides.</summary>
    internal string? Pattern { get; }

    /// <summary>It takes events by a pattern of names: its parameter does not say which.</summary>
    internal bool TakesByName => Pattern is not null;

    /// <summary>How messages name it; among overloads, with its event.</summary>
    internal string Name => Method.ContainingType.GetMembers(Method.Name).Length > 1
        ? $"{Method.ContainingType.Name}.{Method.Name}({EventType.Name})"
        : $"{Method.ContainingType.Name}.{Method.Name}";

    /// <summary>The method as a listener by attribute; null if it is none or can never be called, which is another rule's to say.</summary>
    internal static ListenerSymbol? ByAttribute(IMethodSymbol method, Compilation compilation) =>
        method is { PartialDefinitionPart: null, Parameters.IsEmpty: false }
        && KnownTypes.FindAttribute(method, KnownTypes.IsListenerAttribute) is { } attribute
        && ListenerRules.Check(method, attribute, compilation).Fault == ListenerFault.None
            ? new ListenerSymbol(method, method.Parameters[0].Type, attribute)
            : null;

    /// <summary>Every listener that the type declares.</summary>
    internal static IEnumerable<ListenerSymbol> In(INamedTypeSymbol type, CarillonTypes carillon)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol method && ByAttribute(method, carillon.Compilation) is { } listener)
            {
                yield return listener;
            }
        }

        if (carillon.Listener is null || type.TypeKind != TypeKind.Class)
        {
            yield break;
        }

        foreach (var implemented in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, carillon.Listener)
                && implemented.GetMembers("HandleAsync").FirstOrDefault() is { } contract
                && type.FindImplementationForInterfaceMember(contract) is IMethodSymbol implementation
                && SymbolEqualityComparer.Default.Equals(implementation.ContainingType, type))
            {
                yield return new ListenerSymbol(implementation, implemented.TypeArguments[0], attribute: null);
            }
        }
    }
}
