namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>Makes the events of one type of entity.</summary>
internal abstract class EntityEventType(Type entity, string name)
{
    internal Type Entity { get; } = entity;

    internal string Name { get; } = name;

    internal abstract object Saved(object key, bool isNew);

    internal abstract object Deleted(object key);

    internal sealed class Of<TEntity>(string name) : EntityEventType(typeof(TEntity), name)
        where TEntity : class
    {
        internal override object Saved(object key, bool isNew) => new EntitySaved<TEntity>(EntityKeys.Refer<TEntity>(key), isNew);

        internal override object Deleted(object key) => new EntityDeleted<TEntity>(EntityKeys.Refer<TEntity>(key));
    }
}
