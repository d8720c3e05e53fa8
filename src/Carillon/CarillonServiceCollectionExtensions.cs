using Carillon.Hosting.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>Where an application begins.</summary>
public static class CarillonServiceCollectionExtensions
{
    /// <summary>
    /// Adds the dispatcher and whatever <paramref name="configure"/> says. Can be called more than once, by each module of an application: what
    /// they say adds up.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Adds listeners and chooses a store. Nothing is needed to dispatch in process.</param>
    public static IServiceCollection AddCarillon(this IServiceCollection services, Action<CarillonBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var setup = CarillonServices.Add(services);
        configure?.Invoke(new CarillonBuilder(services, setup));
        return services;
    }
}
