namespace Carillon;

/// <summary>An entity that raises domain events. They are dispatched when it is saved.</summary>
/// <remarks>Implement it explicitly, so that no mapper takes the property for a column; or derive from <see cref="AggregateRoot"/>.</remarks>
public interface IHasDomainEvents
{
    /// <summary>What the entity has raised since it was saved last.</summary>
    DomainEvents DomainEvents { get; }
}
