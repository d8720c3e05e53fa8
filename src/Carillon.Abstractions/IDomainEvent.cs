namespace Carillon;

/// <summary>An event that an aggregate raises: something that has happened in the domain, and when.</summary>
public interface IDomainEvent
{
    /// <summary>When it occurred, not when it was dispatched or stored.</summary>
    DateTimeOffset OccurredAt { get; }
}
