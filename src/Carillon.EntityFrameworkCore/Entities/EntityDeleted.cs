namespace Carillon.EntityFrameworkCore.Entities;

/// <summary>
/// An entity was deleted by <c>SaveChanges</c>, and that is committed. Dispatched for the types that <c>AddEntityEvents</c> names, in a scope of its own; its name ends with
/// <c>.deleted</c>.
/// </summary>
/// <typeparam name="TEntity">The entity.</typeparam>
/// <param name="Entity">Which one; there is nothing left to load.</param>
public sealed record EntityDeleted<TEntity>(EntityRef<TEntity> Entity)
    where TEntity : class;
