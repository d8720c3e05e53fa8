namespace Carillon;

/// <summary>Loads entities by their id, for the references to them that events carry. Add one for each entity to the services, or what does so for all.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
/// <threadsafety>As the service that it is: a scoped one belongs to one listener's scope.</threadsafety>
public interface IEntityLoader<TEntity>
    where TEntity : class
{
    /// <summary>The entity as it is now; null if there is none with this id.</summary>
    /// <param name="reference">Which; never one to nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<TEntity?> FindAsync(EntityRef<TEntity> reference, CancellationToken cancellationToken);
}
