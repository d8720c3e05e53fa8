using System.Diagnostics;
using Carillon;
using Carillon.Benchmarks.Startup;
using Carillon.Benchmarks.Startup.WithCarillon;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// What an application with 500 listeners does: register, build, start as a host does, which checks everything, and dispatch one event.
var services = new ServiceCollection();
services.AddCarillon(carillon => carillon.AddListeners());
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

await using var scope = provider.CreateAsyncScope();
var dispatcher = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
await dispatcher.DispatchAsync(new Event0(1));
if (args is ["first"])
{
    var clock = new Stopwatch();
    await Others.DispatchAsync(dispatcher, clock);
}

return Calls.Count > 0 ? 0 : 1;
