namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>The types of entities that <c>AddEntityEvents</c> was called for.</summary>
internal sealed class EntityEventTypes(IEnumerable<EntityEventType> types)
{
    private readonly EntityEventType[] _types = [.. types];

    internal bool IsEmpty => _types.Length == 0;

    /// <summary>The one that is nearest above the type; null if none is.</summary>
    internal EntityEventType? Find(Type entity)
    {
        EntityEventType? nearest = null;
        foreach (var type in _types)
        {
            if (type.Entity.IsAssignableFrom(entity) && (nearest is null || nearest.Entity.IsAssignableFrom(type.Entity)))
            {
                nearest = type;
            }
        }

        return nearest;
    }
}
