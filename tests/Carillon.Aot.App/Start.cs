using Carillon.Aot.Orders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Aot.App;

/// <summary>What an application does until its first dispatch has returned: register, build, start as a host starts, dispatch.</summary>
internal static class Start
{
    /// <param name="isDurable">With the durable engine and every listener of the application; otherwise in process, with those of the library.</param>
    internal static async Task<int> RunAsync(bool isDurable)
    {
        var story = new Story(isSilent: true);
        var services = new ServiceCollection();
        services.AddSingleton(story);
        services.AddSingleton(new Fate(Dies: false));
        services.AddCarillon(carillon =>
        {
            carillon.AddCarillonAotOrdersListeners();
            if (isDurable)
            {
                carillon
                    .AddListeners()
                    .UseInMemory()
                    .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJson.Default));
            }
        });
        await using var provider = services.BuildServiceProvider();
        var hosted = provider.GetServices<IHostedService>().Cast<IHostedLifecycleService>().ToArray();
        foreach (var each in hosted)
        {
            await each.StartingAsync(CancellationToken.None);
            await each.StartAsync(CancellationToken.None);
            await each.StartedAsync(CancellationToken.None);
        }

        await using var scope = provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(7));
        return story.Lines >= 2 ? 0 : 1;
    }
}
