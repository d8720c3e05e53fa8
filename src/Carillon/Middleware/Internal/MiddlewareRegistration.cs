using Carillon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Middleware.Internal;

/// <summary>A middleware as it was added: what it is, and which events meet it.</summary>
/// <param name="service">The type under which the container has it; null if <paramref name="create"/> makes it.</param>
/// <param name="create">Makes it, for each application; where two are made at once, one of them stays.</param>
/// <param name="eventTypes">The events that meet it; all, if there is none.</param>
internal sealed class MiddlewareRegistration(Type? service, Func<IServiceProvider, object>? create, IReadOnlyList<Type> eventTypes)
{
    /// <summary>The type under which the container has it; null if it is none of the container's.</summary>
    internal Type? Service => service;

    /// <summary>Whether it has anything by which it could dispatch, though it serves all scopes and so has no dispatcher of any.</summary>
    internal bool MayDispatch { get; init; }

    internal bool IsFor(EventType eventType)
    {
        foreach (var type in eventTypes)
        {
            if (type.IsAssignableFrom(eventType.Type))
            {
                return true;
            }
        }

        return eventTypes.Count == 0;
    }

    /// <summary>The instance that serves every dispatch; null if each scope has its own.</summary>
    /// <param name="root">The container outside of every scope.</param>
    /// <param name="services">What is in it.</param>
    internal object? FindKept(IServiceProvider root, IServiceCollection services) =>
        service is null ? create!(root) : IsSingleton(services) ? root.GetRequiredService(service) : null;

    // The last registration is the one that the container resolves.
    private bool IsSingleton(IServiceCollection services)
    {
        for (var index = services.Count - 1; index >= 0; index--)
        {
            if (!services[index].IsKeyedService && services[index].ServiceType == service)
            {
                return services[index].Lifetime == ServiceLifetime.Singleton;
            }
        }

        return false;
    }
}
