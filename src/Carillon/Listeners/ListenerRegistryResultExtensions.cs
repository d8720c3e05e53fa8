using System.Runtime.CompilerServices;

namespace Carillon.Listeners;

/// <summary>Lambdas with a result as listeners, while the application runs.</summary>
public static class ListenerRegistryResultExtensions
{
    /// <summary>Adds an inline listener with a result.</summary>
    /// <typeparam name="TEvent">The event it takes; derived events reach it too.</typeparam>
    /// <typeparam name="TResult">What it returns, or what comes out of the task it returns.</typeparam>
    /// <param name="registry">The registry.</param>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take.</param>
    /// <param name="priority">Its place: the highest is called first.</param>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, TResult> handler, int priority = 0)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.AdaptResult(handler), priority);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, int)"/>
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, Task<TResult>> handler, int priority = 0)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.AdaptResult(handler), priority);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, int)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, ValueTask<TResult>> handler, int priority = 0)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.AdaptResult(handler), priority);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, int)"/>
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, CancellationToken, Task<TResult>> handler, int priority = 0)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.AdaptResult(handler), priority);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, int)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, CancellationToken, ValueTask<TResult>> handler, int priority = 0)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.AdaptResult(handler), priority);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, int)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, EventContext, CancellationToken, ValueTask<TResult>> handler, int priority = 0)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.AdaptResult(handler), priority);

    /// <summary>Adds a listener with a result of which more is to be said than its priority.</summary>
    /// <typeparam name="TEvent">The event it takes; derived events reach it too.</typeparam>
    /// <typeparam name="TResult">What it returns, or what comes out of the task it returns.</typeparam>
    /// <param name="registry">The registry.</param>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take.</param>
    /// <param name="configure">Its place, its id, its pattern. Only inline listeners have results.</param>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    /// <exception cref="CarillonException">What is said of it cannot be, as of a durable one, which must be known when the host starts. Nothing has changed then.</exception>
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, TResult> handler, Action<ListenOptions> configure)
        where TEvent : notnull =>
        ListenerRegistryExtensions.Add<TEvent>(registry, LambdaListener.AdaptResult(handler), configure, times: null);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, Action{ListenOptions})"/>
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, Task<TResult>> handler, Action<ListenOptions> configure)
        where TEvent : notnull =>
        ListenerRegistryExtensions.Add<TEvent>(registry, LambdaListener.AdaptResult(handler), configure, times: null);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, ValueTask<TResult>> handler, Action<ListenOptions> configure)
        where TEvent : notnull =>
        ListenerRegistryExtensions.Add<TEvent>(registry, LambdaListener.AdaptResult(handler), configure, times: null);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, Action{ListenOptions})"/>
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, CancellationToken, Task<TResult>> handler, Action<ListenOptions> configure)
        where TEvent : notnull =>
        ListenerRegistryExtensions.Add<TEvent>(registry, LambdaListener.AdaptResult(handler), configure, times: null);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, CancellationToken, ValueTask<TResult>> handler, Action<ListenOptions> configure)
        where TEvent : notnull =>
        ListenerRegistryExtensions.Add<TEvent>(registry, LambdaListener.AdaptResult(handler), configure, times: null);

    /// <inheritdoc cref="Listen{TEvent, TResult}(IListenerRegistry, Func{TEvent, TResult}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent, TResult>(this IListenerRegistry registry, Func<TEvent, EventContext, CancellationToken, ValueTask<TResult>> handler, Action<ListenOptions> configure)
        where TEvent : notnull =>
        ListenerRegistryExtensions.Add<TEvent>(registry, LambdaListener.AdaptResult(handler), configure, times: null);

    private static IDisposable Add<TEvent>(IListenerRegistry registry, LambdaListener lambda, int priority)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Add(lambda.ToListener(typeof(TEvent), new ListenOptions { Priority = priority }));
    }
}
