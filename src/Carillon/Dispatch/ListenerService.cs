using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch;

/// <summary>A service as a generated plan holds it: resolved when it is first needed, and kept only if it is a singleton.</summary>
/// <typeparam name="TService">The type of the service.</typeparam>
/// <threadsafety>Safe for concurrent use as a field: at worst, two first calls both ask the container for the same singleton.</threadsafety>
public struct ListenerService<TService>
    where TService : notnull
{
    private readonly bool _isSingleton;
    private TService? _kept;

    /// <summary>Prepares the service; nothing is resolved yet.</summary>
    /// <param name="lifetimes">Tells whether it is a singleton.</param>
    public ListenerService(ServiceLifetimes lifetimes)
    {
        ArgumentNullException.ThrowIfNull(lifetimes);
        _isSingleton = !typeof(TService).IsValueType && lifetimes.IsSingleton(typeof(TService));
    }

    /// <summary>The service.</summary>
    /// <param name="scope">The scope of the dispatch.</param>
    /// <exception cref="InvalidOperationException">The service is not registered.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    // The container is asked from here, where the compiler knows the type; code that all types share has to look it up, and checks it more dearly.
    public TService Get(DispatchScope scope) => _kept ?? (_isSingleton ? Keep(scope) : scope.Services.GetRequiredService<TService>());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TService Keep(DispatchScope scope) => _kept = scope.Services.GetRequiredService<TService>();
}
