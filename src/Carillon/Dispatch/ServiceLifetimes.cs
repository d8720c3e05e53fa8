using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch;

/// <summary>Tells which services are singletons, so that a plan may keep them instead of asking the container at every dispatch.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class ServiceLifetimes
{
    private readonly Dictionary<Type, ServiceLifetime> _lifetimes;

    internal ServiceLifetimes(IServiceCollection services)
    {
        _lifetimes = new Dictionary<Type, ServiceLifetime>(services.Count);
        foreach (var service in services)
        {
            if (!service.IsKeyedService)
            {
                // The last registration is the one that the container resolves.
                _lifetimes[service.ServiceType] = service.Lifetime;
            }
        }
    }

    internal bool IsSingleton(Type type) =>
        _lifetimes.TryGetValue(type, out var lifetime)
        || (type.IsConstructedGenericType && _lifetimes.TryGetValue(type.GetGenericTypeDefinition(), out lifetime))
            ? lifetime == ServiceLifetime.Singleton
            : false;
}
