using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Diagnostics.Internal;

/// <summary>The loggers of Carillon, by subject: an application filters by these names, not by the classes behind them. Silent where there is no logging.</summary>
internal sealed class Loggers(ILoggerFactory? factory)
{
    private readonly ILoggerFactory _factory = factory ?? NullLoggerFactory.Instance;

    internal static Loggers Of(IServiceProvider services) => new(services.GetService<ILoggerFactory>());

    internal ILogger Dispatch => Create("Carillon.Dispatch");

    internal ILogger Deliveries => Create("Carillon.Deliveries");

    internal ILogger Worker => Create("Carillon.Worker");

    internal ILogger Background => Create("Carillon.Background");

    internal ILogger Transports => Create("Carillon.Transports");

    internal ILogger EventStore => Create("Carillon.EventStore");

    internal ILogger Sagas => Create("Carillon.Sagas");

    internal ILogger Startup => Create("Carillon.Startup");

    // A factory that cannot make one must not fail a dispatch either.
    private QuietLogger Create(string name)
    {
        try
        {
            return new QuietLogger(_factory.CreateLogger(name));
        }
#pragma warning disable CA1031 // There is nowhere left to say it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new QuietLogger(NullLogger.Instance);
        }
    }
}
