using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch;

/// <summary>Tells which services are singletons, so that a plan may keep them instead of asking the container at every dispatch.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class ServiceLifetimes
{
    private readonly Dictionary<Type, ServiceDescriptor> _services;

    internal ServiceLifetimes(IServiceCollection services)
    {
        _services = new Dictionary<Type, ServiceDescriptor>(services.Count);
        foreach (var service in services)
        {
            if (!service.IsKeyedService)
            {
                // The last registration is the one that the container resolves.
                _services[service.ServiceType] = service;
            }
        }
    }

    internal bool IsSingleton(Type type) =>
        (_services.TryGetValue(type, out var service)
            || (type.IsConstructedGenericType && _services.TryGetValue(type.GetGenericTypeDefinition(), out service)))
        && service.Lifetime == ServiceLifetime.Singleton;
}
