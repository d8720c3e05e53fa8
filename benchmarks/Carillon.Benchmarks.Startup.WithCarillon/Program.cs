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
// The list of hosted services that a host makes first is the host's own work.
var hosted = (IHostedLifecycleService)provider.GetRequiredService<IHostedService>();
await hosted.StartingAsync(CancellationToken.None);
await hosted.StartAsync(CancellationToken.None);
await using var scope = provider.CreateAsyncScope();
var dispatcher = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
await dispatcher.DispatchAsync(new Event0(1));
if (args is ["first"])
{
    var clock = new Stopwatch();
    await Others.DispatchAsync(dispatcher, clock);
}

return Calls.Count > 0 ? 0 : 1;
