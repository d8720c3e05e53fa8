using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

/// <summary>An application with the generated listeners of this assembly and what they need.</summary>
internal static class TrafficApplication
{
    internal static Task<Application> StartAsync(Action<CarillonBuilder>? configure = null, Action<IServiceCollection>? configureServices = null) =>
        Application.StartAsync(
            carillon =>
            {
                carillon.AddListeners().UseInMemory().RunDeliveriesByHand();
                configure?.Invoke(carillon);
            },
            services =>
            {
                services.AddSingleton<Clock>().AddSingleton<Ledger>().AddSingleton<PostOffice>().AddKeyedSingleton("red", "red");
                configureServices?.Invoke(services);
            });
}
