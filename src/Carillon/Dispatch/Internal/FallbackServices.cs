namespace Carillon.Dispatch.Internal;

/// <summary>The services of a dispatcher without a container, or with one that has never heard of Carillon: the clock is the system's.</summary>
internal sealed class FallbackServices(IServiceProvider? services) : IServiceProvider
{
    public object? GetService(Type serviceType) =>
        services?.GetService(serviceType) ?? (serviceType == typeof(TimeProvider) ? TimeProvider.System : null);
}
