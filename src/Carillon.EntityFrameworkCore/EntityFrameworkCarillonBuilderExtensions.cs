using Carillon.EntityFrameworkCore.Contexts.Internal;
using Carillon.EntityFrameworkCore.Entities;
using Carillon.EntityFrameworkCore.Entities.Internal;
using Carillon.Events;
using Microsoft.EntityFrameworkCore;

namespace Carillon;

/// <summary>Ties what is dispatched to the transactions of EF Core.</summary>
public static class EntityFrameworkCarillonBuilderExtensions
{
    /// <summary>
    /// Has what a scope dispatches belong to the transaction or to the unsaved changes of its context, and the domain events of saved aggregates dispatched. Call it for each type
    /// of context that takes part, after the context is among the services: <c>AddDbContext</c>, <c>AddDbContextPool</c> or <c>AddDbContextFactory</c> come first.
    /// </summary>
    /// <typeparam name="TContext">The context, as it is registered. Deliveries are written in its database, which must be the one of the store.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <exception cref="CarillonException">The context is not among the services yet, or it is a singleton.</exception>
    public static CarillonBuilder UseEntityFrameworkCore<TContext>(this CarillonBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ContextServices.Add<TContext>(builder);
        return builder;
    }

    /// <summary>
    /// Has <see cref="EntitySaved{TEntity}"/> and <see cref="EntityDeleted{TEntity}"/> dispatched after the commit of what <c>SaveChanges</c> does to entities of this type and of
    /// derived ones. What goes past the change tracker is not seen: <c>ExecuteUpdate</c>, <c>ExecuteDelete</c>, SQL, cascades and triggers of the database.
    /// </summary>
    /// <typeparam name="TEntity">The entity. It has a key of one property: a whole number, a <see cref="Guid"/> or a string.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The first half of the names of the events, <c>order</c> for <c>order.saved</c> and <c>order.deleted</c>; the name of the type by default.</param>
    public static CarillonBuilder AddEntityEvents<TEntity>(this CarillonBuilder builder, string? name = null)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        EntityEventServices.Add<TEntity>(builder, name);
        return builder;
    }
}
