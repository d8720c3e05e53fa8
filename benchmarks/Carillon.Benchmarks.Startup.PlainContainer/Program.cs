using System.Diagnostics;
using Carillon.Benchmarks.Startup;
using Carillon.Benchmarks.Startup.PlainContainer;
using Microsoft.Extensions.DependencyInjection;

// The least that an application with 500 handlers does without any event system: register, build, resolve one, call it.
var services = new ServiceCollection();
Handlers.AddTo(services);
await using var provider = services.BuildServiceProvider();
await using var scope = provider.CreateAsyncScope();
scope.ServiceProvider.GetRequiredService<IHandler<Event0>>().Handle(new Event0(1));
if (args is ["first"])
{
    var clock = new Stopwatch();
    Handlers.ResolveOthers(scope.ServiceProvider, clock);
}

return Calls.Count > 0 ? 0 : 1;
