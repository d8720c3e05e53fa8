namespace Carillon;

/// <summary>Says by which property of its events a saga is found: on the class for all of them, on a method for the one event that calls it something else.</summary>
/// <remarks>
/// The property is a string, a <see cref="Guid"/>, a number or another type that formats itself (<see cref="IFormattable"/>); a path reaches into it: <c>"Order.Id"</c>, <c>"OrderId.Value"</c>.
/// An event without it does not compile.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class CorrelatedByAttribute : Attribute
{
    /// <summary>Says by which property a saga is found.</summary>
    /// <param name="property">The name of the property, or a path to it: <c>nameof(OrderPlaced.OrderId)</c>.</param>
    public CorrelatedByAttribute(string property) => Property = property;

    /// <summary>The name of the property, or a path to it.</summary>
    public string Property { get; }
}
