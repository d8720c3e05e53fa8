using Carillon.Dispatch.Internal;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch;

/// <summary>Dispatchers without a container, for tests and tools.</summary>
public static class EventDispatchers
{
    /// <summary>Makes a dispatcher over a provider. It is one scope, and has no store for durable listeners.</summary>
    /// <param name="provider">Says which listeners an event has; several dispatchers may share it.</param>
    /// <param name="services">Where listeners find what they need. Defaults to nothing; then listeners that need something fail when they are called.</param>
    public static IEventDispatcher Create(IListenerProvider provider, IServiceProvider? services = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var found = new FallbackServices(services);
        return new EventDispatcher(found, new PlanTable(new PlanFactory([provider], new CarillonSetup(new ServiceCollection()), found), found));
    }
}
