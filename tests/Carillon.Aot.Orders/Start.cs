using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Aot.Orders;

/// <summary>What an application does until its first dispatch has returned: register, build, start as a host starts, dispatch.</summary>
public static class Start
{
    /// <param name="configure">What the application adds to the listeners of this library.</param>
    public static async Task<int> RunAsync(Action<CarillonBuilder>? configure = null)
    {
        var story = new Story(isSilent: true);
        var services = new ServiceCollection();
        services.AddSingleton(story);
        services.AddCarillon(carillon => carillon.AddCarillonAotOrdersListeners());
        services.AddCarillon(configure);
        await using var provider = services.BuildServiceProvider();
        foreach (var each in provider.GetServices<IHostedService>().Cast<IHostedLifecycleService>())
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
