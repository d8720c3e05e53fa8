using Carillon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Middleware.Internal;

/// <summary>The middleware of an application, in the order in which it was added.</summary>
internal sealed class MiddlewareSetup
{
    internal readonly List<MiddlewareRegistration> AroundDispatch = [];

    internal readonly List<MiddlewareRegistration> AroundListeners = [];

    /// <summary>What has to be in the container, and why: checked when the host starts.</summary>
    internal readonly List<(Type Service, string Problem)> Needed = [];

    internal bool IsAroundDispatchOf(EventType eventType) => AroundDispatch.Exists(each => each.IsFor(eventType));

    internal bool IsAroundListenersOf(EventType eventType) => AroundListeners.Exists(each => each.IsFor(eventType));

    /// <summary>Adds the class to the services, unless it is there: a middleware that takes nothing of a scope is made once.</summary>
    internal static void AddClass(IServiceCollection services, ServiceDescriptor middleware)
    {
        foreach (var service in services)
        {
            if (!service.IsKeyedService && service.ServiceType == middleware.ServiceType)
            {
                return;
            }
        }

        services.Add(middleware);
    }
}
