using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch;

/// <summary>Tells which services are singletons, so that a plan may keep them instead of asking the container at every dispatch.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class ServiceLifetimes
{
    private readonly HashSet<Type> _registered;
    private readonly HashSet<Type> _singletons;

    internal ServiceLifetimes(IServiceCollection services)
    {
        _registered = new HashSet<Type>(services.Count);
        _singletons = new HashSet<Type>(services.Count);
        foreach (var service in services)
        {
            if (service.IsKeyedService)
            {
                continue;
            }

            _registered.Add(service.ServiceType);
            // The last registration is the one that the container resolves.
            if (service.Lifetime == ServiceLifetime.Singleton)
            {
                _singletons.Add(service.ServiceType);
            }
            else
            {
                _singletons.Remove(service.ServiceType);
            }
        }
    }

    /// <summary>Whether the application has registered the class, whatever its lifetime.</summary>
    /// <param name="type">The class.</param>
    public bool IsRegistered(Type type) => _registered.Contains(type);

    // A registration of a closed generic type comes before that of its definition, which is then not asked; nobody has both with two lifetimes.
    internal bool IsSingleton(Type type) =>
        _singletons.Contains(type) || (type.IsConstructedGenericType && _singletons.Contains(type.GetGenericTypeDefinition()));
}
