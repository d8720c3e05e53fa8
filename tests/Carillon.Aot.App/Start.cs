using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Aot.App;

/// <summary>What an application does until its first dispatch has returned: register, build, start as a host starts, dispatch.</summary>
internal static class Start
{
    internal static async Task<int> RunAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Story>();
        services.AddCarillon(carillon => carillon.Listen<OrderPlaced>(e => Heard = e.Number));
        await using var provider = services.BuildServiceProvider();
        var hosted = provider.GetServices<IHostedService>().ToArray();
        foreach (var each in hosted.OfType<IHostedLifecycleService>())
        {
            await each.StartingAsync(CancellationToken.None);
        }

        foreach (var each in hosted)
        {
            await each.StartAsync(CancellationToken.None);
        }

        foreach (var each in hosted.OfType<IHostedLifecycleService>())
        {
            await each.StartedAsync(CancellationToken.None);
        }

        await using var scope = provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(7));
        return Heard == 7 ? 0 : 1;
    }

    private static int Heard { get; set; }
}
