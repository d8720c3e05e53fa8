namespace Carillon;

/// <summary>The entity that an event refers to is not there: deleted since, or not committed yet, or never there.</summary>
public sealed class EntityNotFoundException : Exception
{
    internal EntityNotFoundException(Type entityType, string id)
        : base(id.Length == 0
            ? $"A reference to no {entityType.Name} was loaded. Ask IsEmpty first, or use FindAsync, which answers null."
            : $"There is no {entityType.Name} with the id '{id}', or no longer. If that can be, use FindAsync, which answers null.")
    {
        EntityType = entityType;
        Id = id;
    }

    /// <summary>The type of the entity.</summary>
    public Type EntityType { get; }

    /// <summary>Its id as text; empty if the reference was to nothing.</summary>
    public string Id { get; }
}
