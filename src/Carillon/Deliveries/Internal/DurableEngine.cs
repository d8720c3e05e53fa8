using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Deliveries.Internal;

/// <summary>The parts of the durable engine, which are among the services only once a store was chosen.</summary>
internal static class DurableEngine
{
    /// <summary>One part.</summary>
    /// <exception cref="CarillonException">There is no store, and so no engine.</exception>
    internal static TPart Get<TPart>(IServiceProvider services)
        where TPart : class =>
        services.GetService<TPart>() ?? throw StoreSlot.Missing();
}
