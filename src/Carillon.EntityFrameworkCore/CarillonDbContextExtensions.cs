using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore;

/// <summary>For contexts that no scope has made: those of a factory, or made by hand.</summary>
public static class CarillonDbContextExtensions
{
    /// <summary>
    /// Says in which scope the context is used: what is dispatched there belongs to its transaction or its unsaved changes, and the domain events of what it saves are
    /// dispatched there. It leaves the scope when it is disposed.
    /// </summary>
    /// <param name="context">The context. One that a scope has made has joined it already.</param>
    /// <param name="scope">The services of the scope.</param>
    /// <returns>The context.</returns>
    /// <exception cref="InvalidOperationException">The context has joined another scope.</exception>
    /// <exception cref="CarillonException"><c>UseEntityFrameworkCore</c> was not called for this type of context.</exception>
    public static TContext JoinScope<TContext>(this TContext context, IServiceProvider scope)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(scope);
        ContextWork.Of(context).Join(scope.GetService<ScopeContexts>() ?? throw ContextWork.NotUsed(context.GetType()));
        return context;
    }

    /// <summary>Prepares a context that is made by hand; those that are among the services are prepared by <c>UseEntityFrameworkCore</c>.</summary>
    /// <param name="options">The options of the context.</param>
    /// <returns>The options.</returns>
    public static DbContextOptionsBuilder UseCarillon(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(CarillonOptionsExtension.Instance);
        return options;
    }
}
