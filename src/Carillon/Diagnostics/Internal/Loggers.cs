using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Diagnostics.Internal;

/// <summary>The loggers of Carillon, by subject: an application filters by these names, not by the classes behind them. Silent where there is no logging.</summary>
internal sealed class Loggers(ILoggerFactory? factory)
{
    private readonly ILoggerFactory _factory = factory ?? NullLoggerFactory.Instance;

    internal static Loggers Of(IServiceProvider services) => new(services.GetService<ILoggerFactory>());

    internal ILogger Dispatch => new QuietLogger(_factory.CreateLogger("Carillon.Dispatch"));

    internal ILogger Deliveries => new QuietLogger(_factory.CreateLogger("Carillon.Deliveries"));

    internal ILogger Worker => new QuietLogger(_factory.CreateLogger("Carillon.Worker"));

    internal ILogger Background => new QuietLogger(_factory.CreateLogger("Carillon.Background"));

    internal ILogger Startup => new QuietLogger(_factory.CreateLogger("Carillon.Startup"));
}
