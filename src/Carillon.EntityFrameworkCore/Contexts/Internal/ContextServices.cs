using Carillon.EntityFrameworkCore.Entities.Internal;
using Carillon.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>Has each context that a scope makes join the scope.</summary>
internal static class ContextServices
{
    internal static void Add<TContext>(CarillonBuilder builder)
        where TContext : DbContext
    {
        var services = builder.Services;
        if (services.Any(static service => service.ImplementationInstance is ContextType known && known.Type == typeof(TContext)))
        {
            return;
        }

        var index = Find(services, typeof(TContext));
        var original = services[index];
        var create = original.ImplementationFactory
            ?? (original.ImplementationType is { } type
                ? MakerOf(type)
                : throw new CarillonException($"The {typeof(TContext)} among the services is one object for all scopes. Register it with AddDbContext or AddDbContextPool."));
        // Here and not in the options: those of a pool, or of a factory, know no scope.
        services[index] = new ServiceDescriptor(typeof(TContext), provider => ((TContext)create(provider)).JoinScope(provider), original.Lifetime);
        services.ConfigureDbContext<TContext>(static options => options.UseCarillon());
        services.AddSingleton(new ContextType(typeof(TContext)));
        AddShared(services);
    }

    private static void AddShared(IServiceCollection services)
    {
        services.TryAddScoped<ScopeContexts>();
        services.TryAddScoped<IUnitOfWorkFinder>(static provider => provider.GetRequiredService<ScopeContexts>());
        services.TryAddSingleton<EntityEventTypes>();
        services.TryAddSingleton<EntityModels>();
        services.TryAddScoped(typeof(IEntityLoader<>), typeof(ContextEntityLoader<>));
    }

    private static int Find(IServiceCollection services, Type contextType)
    {
        for (var index = services.Count - 1; index >= 0; index--)
        {
            if (services[index].ServiceType == contextType && !services[index].IsKeyedService)
            {
                return services[index].Lifetime != ServiceLifetime.Singleton
                    ? index
                    : throw new CarillonException($"The {contextType} is a singleton, but a transaction belongs to one scope. Register it as scoped, as AddDbContext does by default.");
            }
        }

        throw new CarillonException(
            $"UseEntityFrameworkCore<{contextType.Name}>() was called, but there is no {contextType} among the services yet. Call AddDbContext<{contextType.Name}>(...), "
            + "AddDbContextPool or AddDbContextFactory before AddCarillon.");
    }

    private static Func<IServiceProvider, object> MakerOf(Type type)
    {
        var make = ActivatorUtilities.CreateFactory(type, []);
        return provider => make(provider, []);
    }
}
