using Carillon.AspNetCore.Internal;
using Carillon.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon;

/// <summary>Puts the events of requests into the pipeline.</summary>
public static class RequestEventsApplicationBuilderExtensions
{
    private const string Added = "Carillon.RequestEvents";

    /// <summary>
    /// Dispatches <see cref="AspNetCore.BeforeHandleRequest"/> and <see cref="AspNetCore.AfterHandleRequest"/> around everything that is added to the pipeline after this. Put it
    /// first, so that a duration is that of the whole request. A second call does nothing.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <exception cref="InvalidOperationException">AddCarillon was not called.</exception>
    /// <remarks>While nobody listens a request costs one look at a field: nothing is allocated, dispatched or measured.</remarks>
    public static IApplicationBuilder UseRequestEvents(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ApplicationServices;
        if (services.GetService<IListenerRegistry>() is null)
        {
            throw new InvalidOperationException("UseRequestEvents needs Carillon's services: call builder.Services.AddCarillon(...) before the application is built.");
        }

        // Twice in one pipeline would be every event twice.
        if (!app.Properties.TryAdd(Added, true))
        {
            return app;
        }

        var watch = new RequestListeners(services.GetServices<IListenerProvider>());
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon.AspNetCore");
        return app.Use(next => new RequestEvents(next, watch, time, logger).HandleAsync);
    }
}
