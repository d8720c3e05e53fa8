namespace Carillon.EntityFrameworkCore.Entities;

/// <summary>
/// An entity was added or changed by <c>SaveChanges</c>, and that is committed. Dispatched for the types that <c>AddEntityEvents</c> names, in a scope of its own; its name ends with
/// <c>.saved</c>.
/// </summary>
/// <remarks>It is no substitute for an event of the domain, which says what has happened and is stored with it: should the process die just after the commit, this one is lost.</remarks>
/// <typeparam name="TEntity">The entity.</typeparam>
/// <param name="Entity">Which one.</param>
/// <param name="IsNew">Whether it was added.</param>
public sealed record EntitySaved<TEntity>(EntityRef<TEntity> Entity, bool IsNew)
    where TEntity : class;
