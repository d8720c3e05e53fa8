using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch;

/// <summary>Tells which services are singletons, so that a plan may keep them instead of asking the container at every dispatch.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class ServiceLifetimes
{
    private readonly IServiceCollection _services;
    private readonly HashSet<Type> _registered;

    // The first dispatches of an event do without a plan, and so without knowing this.
    private volatile HashSet<Type>? _singletons;

    internal ServiceLifetimes(IServiceCollection services)
    {
        _services = services;
        _registered = new HashSet<Type>(services.Count);
        for (var index = 0; index < services.Count; index++)
        {
            if (!services[index].IsKeyedService)
            {
                _registered.Add(services[index].ServiceType);
            }
        }
    }

    /// <summary>Whether the application has registered the class, whatever its lifetime.</summary>
    /// <param name="type">The class.</param>
    public bool IsRegistered(Type type) => _registered.Contains(type);

    // A registration of a closed generic type comes before that of its definition, which is then not asked; nobody has both with two lifetimes.
    internal bool IsSingleton(Type type)
    {
        var singletons = _singletons ??= FindSingletons();
        return singletons.Contains(type) || (type.IsConstructedGenericType && singletons.Contains(type.GetGenericTypeDefinition()));
    }

    private HashSet<Type> FindSingletons()
    {
        var singletons = new HashSet<Type>(_services.Count);
        foreach (var service in _services)
        {
            if (service.IsKeyedService)
            {
                continue;
            }

            // The last registration is the one that the container resolves.
            if (service.Lifetime == ServiceLifetime.Singleton)
            {
                singletons.Add(service.ServiceType);
            }
            else
            {
                singletons.Remove(service.ServiceType);
            }
        }

        return singletons;
    }
}
