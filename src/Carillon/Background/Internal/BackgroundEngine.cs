using Carillon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Background.Internal;

/// <summary>What runs listeners in the background, which is among the services only if the application has such listeners.</summary>
internal static class BackgroundEngine
{
    /// <summary>It, for an application that has it.</summary>
    internal static BackgroundListeners Get(IServiceProvider services)
    {
        var listeners = services.GetRequiredService<BackgroundListeners>();
        if (services.GetService<IHostApplicationLifetime>() is null)
        {
            // Without a host there is no start to wait for.
            listeners.Queue.Open();
        }

        return listeners;
    }

    /// <summary>The queue.</summary>
    /// <exception cref="CarillonException">Nothing was said at start of listeners that run in the background.</exception>
    internal static BackgroundQueue Get(IServiceProvider services, EventType eventType) =>
        services.GetService<BackgroundQueue>() is not null
            ? Get(services).Queue
            : throw new CarillonException(
                $"A provider has a background listener of '{eventType.Type}', but nothing runs listeners in the background. Call UseBackground() in AddCarillon.");
}
